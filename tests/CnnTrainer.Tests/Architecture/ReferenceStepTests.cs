using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Architecture;

/// <summary>The network and the optimizer that the product makes, against plain PyTorch: tests/recorded/record_s1.py wrote s1.json.</summary>
[TestClass]
public sealed class ReferenceStepTests
{
    private const int Rows = 20;
    private const double Tolerance = 1e-5;

    private sealed record Described(double Norm, int Stride, double[] Values);

    private sealed record RecordedParameter(string Name, Described Gradient, Described Stepped);

    private sealed record Recorded(double Loss, double[] Logits, RecordedParameter[] Parameters);

    [TestMethod]
    public void Simple_OneAdamStep_EqualsPyTorch()
    {
        var recorded = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("s1.json")), JsonSerializerOptions.Web)!;
        using var scope = NewDisposeScope();
        using var network = FormulaNetwork();
        using var optimizer = Optimizer.Adam(3e-3).Start(network.Trained);
        var logits = network.call(Formula([Rows, 1, 28, 28], 1, 0.37, 0.5));
        AssertClose(recorded.Logits, logits, 1, Tolerance, "logits");

        var loss = functional.cross_entropy(logits, arange(Rows).remainder(10));
        Assert.AreEqual(recorded.Loss, loss.item<float>(), Tolerance);
        loss.backward();
        var parameters = network.Trained.ToArray();
        CollectionAssert.AreEqual(recorded.Parameters.Select(parameter => parameter.Name).ToArray(), parameters.Select(pair => pair.Path).ToArray());
        foreach (var (expected, (name, parameter)) in recorded.Parameters.Zip(parameters))
            AssertDescribed(expected.Gradient, parameter.grad!, Tolerance * expected.Gradient.Values.Max(Math.Abs), $"gradient of {name}");

        optimizer.Step(3e-3);
        foreach (var (expected, (name, parameter)) in recorded.Parameters.Zip(parameters))
            AssertDescribed(expected.Stepped, parameter, Tolerance, $"{name} after the step");
    }

    private static Network FormulaNetwork()
    {
        var network = Networks.Build(CnnArchitecture.Simple, new ImageShape(1, 28, 28), 10);
        using var untracked = no_grad();
        int number = 0;
        foreach (var parameter in network.parameters()) parameter.copy_(Formula(parameter.shape, 0.05, 0.7, number++));
        return network;
    }

    private static Tensor Formula(long[] shape, double scale, double step, double phase)
    {
        var values = new float[shape.Aggregate((product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(scale * Math.Sin(step * i + phase));
        return tensor(values, shape);
    }

    private static void AssertDescribed(Described expected, Tensor actual, double tolerance, string what)
    {
        AssertClose(expected.Values, actual, expected.Stride, tolerance, what);
        double norm = Math.Sqrt(actual.detach().data<float>().Sum(value => (double)value * value));
        Assert.AreEqual(expected.Norm, norm, 1e-5 * expected.Norm, $"norm of the {what}");
    }

    private static void AssertClose(double[] expected, Tensor actual, int stride, double tolerance, string what)
    {
        var values = actual.detach().contiguous().data<float>().ToArray();
        Assert.AreEqual(expected.Length, (values.Length + stride - 1) / stride, what);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i * stride], tolerance, $"{what}, value {i * stride}");
    }
}
