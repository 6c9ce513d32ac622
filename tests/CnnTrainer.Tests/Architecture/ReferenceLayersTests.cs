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
        using var images = new Parameter(Reference.Formula([4, Image.Channels, Image.Height, Image.Width], 1, 0.37, 0.5));
        var output = network.Forward(images, until: "0");
        Reference.AssertDescribed(expected.Output, output, $"{name}: output", Tolerance);

        output.mul(Reference.Formula(output.shape, 1, 0.13, 0.2)).sum().backward();
        Reference.AssertDescribed(expected.InputGradient, images.grad!, $"{name}: gradient of the input", Tolerance);
        foreach (var (path, gradient) in expected.Weights) Reference.AssertDescribed(gradient, network.Weights[path].grad!, $"{name}: gradient of {path}", Tolerance);
        foreach (var (path, buffer) in expected.Buffers) Reference.AssertDescribed(buffer, network.Weights[path], $"{name}: {path}", Tolerance);

        network.eval();
        using var evaluation = no_grad();
        Reference.AssertDescribed(expected.Evaluated, network.Forward(images, until: "0"), $"{name}: output in eval mode", Tolerance);
    }

    private static Case[] Read() => JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("layers.json")), JsonSerializerOptions.Web)!.Cases;

    private static Network Make(Case recorded)
    {
        var layer = StrictJson.Read<Layer>(System.Text.Encoding.UTF8.GetBytes(recorded.Layer.GetRawText()));
        Layer[] end = recorded.Output.Shape.Length == 4 ? [Layer.Flatten(), Layer.Output()] : [Layer.Output()];
        var network = Networks.Build(new CnnArchitecture([layer, .. end]), Image, 2);
        using var untracked = no_grad();
        foreach (var (number, weight) in recorded.Weights.Index()) network.Weights[weight.Path].copy_(Reference.Formula(network.Weights[weight.Path].shape, 0.3, 0.7, number));
        var trained = network.Trained.Select(pair => pair.Path).Where(path => path.StartsWith("0.", StringComparison.Ordinal)).ToArray();
        CollectionAssert.AreEqual(recorded.Weights.Select(weight => weight.Path).ToArray(), trained, recorded.Name);
        return network;
    }
}
