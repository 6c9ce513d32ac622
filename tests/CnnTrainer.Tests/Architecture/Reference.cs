using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>A tensor as the scripts of tests/recorded write it down: a few values, evenly spaced, and the norm of all.</summary>
internal sealed record Described(long[] Shape, double Norm, int Stride, double[] Values);

/// <summary>What the tests and the scripts of tests/recorded have in common.</summary>
internal static class Reference
{
    /// <summary>Values that both sides can make.</summary>
    public static Tensor Formula(long[] shape, double scale, double step, double phase)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(scale * Math.Sin(step * i + phase));
        return tensor(values, shape);
    }

    public static void AssertDescribed(Described expected, Tensor actual, string what, double tolerance)
    {
        CollectionAssert.AreEqual(expected.Shape, actual.shape, what);
        var values = actual.detach().contiguous().data<float>().ToArray();
        Assert.HasCount((values.Length + expected.Stride - 1) / expected.Stride, expected.Values, what);
        double most = Math.Max(1, expected.Values.Max(Math.Abs));
        for (int i = 0; i < expected.Values.Length; i++) Assert.AreEqual(expected.Values[i], values[i * expected.Stride], tolerance * most, $"{what}, value {i * expected.Stride}");
        Assert.AreEqual(expected.Norm, Math.Sqrt(values.Sum(value => (double)value * value)), tolerance * Math.Max(1, expected.Norm), $"norm of the {what}");
    }
}
