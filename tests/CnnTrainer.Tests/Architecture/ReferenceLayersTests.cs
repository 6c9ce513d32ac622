using System.Text.Json;
using CnnMlNet.Persistence.Format;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Each kind of layer with each of its settings against plain PyTorch: tests/recorded/record_layers.py wrote layers.json.</summary>
[TestClass]
public sealed class ReferenceLayersTests
{
    private const double Tolerance = 1e-5;

    private static readonly ImageShape Image = new(3, 9, 7);

    private sealed record Described(long[] Shape, double Norm, int Stride, double[] Values);

    private sealed record Weighed(string Path, Described Gradient);

    private sealed record Case(string Name, JsonElement Layer, Described Output, Described InputGradient, Weighed[] Weights, Weighed[] Buffers, Described Evaluated);

    private sealed record Recorded(Case[] Cases);

    public static IEnumerable<object[]> Names => Read().Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_ForwardAndBackward_EqualPyTorch(string name)
    {
        var expected = Read().Single(one => one.Name == name);
        using var scope = NewDisposeScope();
        using var network = Make(expected);
        using var images = new Parameter(Formula([4, Image.Channels, Image.Height, Image.Width], 1, 0.37, 0.5));
        var output = network.Forward(images, until: "0");
        AssertDescribed(expected.Output, output, $"{name}: output");

        output.mul(Formula(output.shape, 1, 0.13, 0.2)).sum().backward();
        AssertDescribed(expected.InputGradient, images.grad!, $"{name}: gradient of the input");
        foreach (var (path, gradient) in expected.Weights) AssertDescribed(gradient, network.Weights[path].grad!, $"{name}: gradient of {path}");
        foreach (var (path, buffer) in expected.Buffers) AssertDescribed(buffer, network.Weights[path], $"{name}: {path}");

        network.eval();
        using var evaluation = no_grad();
        AssertDescribed(expected.Evaluated, network.Forward(images, until: "0"), $"{name}: output in eval mode");
    }

    private static Case[] Read() => JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("layers.json")), JsonSerializerOptions.Web)!.Cases;

    private static Network Make(Case recorded)
    {
        var layer = StrictJson.Read<Layer>(System.Text.Encoding.UTF8.GetBytes(recorded.Layer.GetRawText()));
        Layer[] end = recorded.Output.Shape.Length == 4 ? [Layer.Flatten(), Layer.Output()] : [Layer.Output()];
        var network = Networks.Build(new CnnArchitecture([layer, .. end]), Image, 2);
        using var untracked = no_grad();
        foreach (var (number, weight) in recorded.Weights.Index()) network.Weights[weight.Path].copy_(Formula(network.Weights[weight.Path].shape, 0.3, 0.7, number));
        var trained = network.Trained.Select(pair => pair.Path).Where(path => path.StartsWith("0.", StringComparison.Ordinal)).ToArray();
        CollectionAssert.AreEqual(recorded.Weights.Select(weight => weight.Path).ToArray(), trained, recorded.Name);
        return network;
    }

    private static Tensor Formula(long[] shape, double scale, double step, double phase)
    {
        var values = new float[shape.Aggregate((product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(scale * Math.Sin(step * i + phase));
        return tensor(values, shape);
    }

    private static void AssertDescribed(Described expected, Tensor actual, string what)
    {
        CollectionAssert.AreEqual(expected.Shape, actual.shape, what);
        var values = actual.detach().contiguous().data<float>().ToArray();
        Assert.HasCount((values.Length + expected.Stride - 1) / expected.Stride, expected.Values, what);
        double most = Math.Max(1, expected.Values.Max(Math.Abs));
        for (int i = 0; i < expected.Values.Length; i++) Assert.AreEqual(expected.Values[i], values[i * expected.Stride], Tolerance * most, $"{what}, value {i * expected.Stride}");
        Assert.AreEqual(expected.Norm, Math.Sqrt(values.Sum(value => (double)value * value)), Tolerance * Math.Max(1, expected.Norm), $"norm of the {what}");
    }
}
