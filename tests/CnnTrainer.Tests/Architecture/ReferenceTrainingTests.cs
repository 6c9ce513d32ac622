using System.Text.Json;
using CnnMlNet.Persistence.Format;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Five steps through each kind of layer against plain PyTorch: tests/recorded/record_training.py wrote training.json.</summary>
[TestClass]
public sealed class ReferenceTrainingTests
{
    private const int Rows = 6, Outputs = 3;
    private const double Tolerance = 1e-5, LearningRate = 0.01;

    private static readonly ImageShape Image = new(3, 9, 7);

    private sealed record Weighed(string Path, Described Value);

    private sealed record Case(string Name, JsonElement[] Layers, double[] Losses, Weighed[] Weights);

    private sealed record Recorded(Case[] Cases);

    private static Case[] Cases { get; } = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("training.json")), JsonSerializerOptions.Web)!.Cases;

    public static IEnumerable<object[]> Names => Cases.Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_FiveStepsOfSgd_EqualPyTorch(string name)
    {
        var expected = Cases.Single(one => one.Name == name);
        using var scope = NewDisposeScope();
        var layers = expected.Layers.Select(layer => StrictJson.Read<Layer>(System.Text.Encoding.UTF8.GetBytes(layer.GetRawText())));
        using var network = Networks.Build(new CnnArchitecture([.. layers, Layer.Output()]), Image, Outputs);
        using (no_grad()) foreach (var (number, (_, weight)) in network.Trained.Index()) weight.copy_(Reference.Formula(weight.shape, 0.3, 0.7, number));
        using var optimizer = Optimizer.Sgd(LearningRate, momentum: 0.9).Start(network.Trained);
        var (images, labels) = (Reference.Formula([Rows, Image.Channels, Image.Height, Image.Width], 1, 0.37, 0.5), arange(Rows).remainder(Outputs));
        foreach (var (step, loss) in expected.Losses.Index())
        {
            optimizer.ZeroGrad();
            var actual = functional.cross_entropy(network.call(images), labels);
            Assert.AreEqual(loss, actual.item<float>(), Tolerance * Math.Max(1, loss), $"{name}: loss of step {step}");
            actual.backward();
            optimizer.Step(LearningRate);
        }

        CollectionAssert.AreEquivalent(expected.Weights.Select(weight => weight.Path).ToArray(), network.Weights.Where(weight => weight.Value.Dimensions > 0).Select(weight => weight.Key).ToArray());
        foreach (var (path, value) in expected.Weights) Reference.AssertDescribed(value, network.Weights[path], $"{name}: {path} after the steps", Tolerance);
    }

    [TestMethod]
    public void Cases_OfTheScript_HoldEveryKindOfLayer()
    {
        var kinds = Cases.SelectMany(one => one.Layers).SelectMany(Kinds).Distinct().Append("output").Append("module").Order(StringComparer.Ordinal).ToArray();
        var all = typeof(Layer).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false)
            .Select(attribute => (string)((System.Text.Json.Serialization.JsonDerivedTypeAttribute)attribute).TypeDiscriminator!);
        CollectionAssert.AreEqual(all.Order(StringComparer.Ordinal).ToArray(), kinds);
        var functions = Cases.SelectMany(one => one.Layers).Where(layer => layer.TryGetProperty("function", out _)).Select(layer => layer.GetProperty("function").GetString()).Distinct();
        Assert.HasCount(Enum.GetNames<ActivationFunction>().Length, functions);
    }

    private static IEnumerable<string> Kinds(JsonElement layer) =>
        layer.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(member => member.Value.EnumerateArray()).Where(inner => inner.ValueKind == JsonValueKind.Object).SelectMany(Kinds)
            .Prepend(layer.GetProperty("type").GetString()!);
}
