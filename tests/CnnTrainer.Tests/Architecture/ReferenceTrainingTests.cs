using System.Text.Json;
using CnnMlNet.Persistence.Format;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Five steps through each kind of layer against plain PyTorch: tests/recorded/record_training.py wrote training.json and bfloat16.json.</summary>
[TestClass]
public sealed class ReferenceTrainingTests
{
    private const int Rows = 6, Outputs = 3;
    private const double Tolerance = 1e-5, LowerTolerance = 2e-2, LearningRate = 0.01;

    private static readonly ImageShape Image = new(3, 9, 7);

    private sealed record Weighed(string Path, Described Value);

    private sealed record Case(string Name, JsonElement[] Layers, double[] Losses, Weighed[] Weights);

    private sealed record Recorded(Case[] Cases);

    private static Case[] Cases { get; } = Load("training.json");

    private static Case[] LowerCases { get; } = Load("bfloat16.json");

    public static IEnumerable<object[]> Names => Cases.Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_FiveStepsOfSgd_EqualPyTorch(string name) => Check(Cases.Single(one => one.Name == name), isBFloat16: false, Tolerance);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_FiveStepsOfSgdInBFloat16_EqualPyTorchsAutocast(string name) => Check(LowerCases.Single(one => one.Name == name), isBFloat16: true, LowerTolerance);

    [TestMethod]
    public void Cases_InBFloat16_DifferFromFloat32() => Assert.IsLessThan(
        Cases.Length / 10, Cases.Zip(LowerCases).Count(pair => pair.First.Losses.SequenceEqual(pair.Second.Losses)), "or the tests would not show which was computed");

    private static void Check(Case expected, bool isBFloat16, double tolerance)
    {
        var name = expected.Name;
        using var scope = NewDisposeScope();
        var layers = expected.Layers.Select(layer => StrictJson.Read<Layer>(System.Text.Encoding.UTF8.GetBytes(layer.GetRawText())));
        using var network = Networks.Build(new CnnArchitecture([.. layers, Layer.Output()]), Image, Outputs);
        network.TrainsInBFloat16 = isBFloat16;
        using (no_grad()) foreach (var (number, (_, weight)) in network.Trained.Index()) weight.copy_(Reference.Formula(weight.shape, 0.3, 0.7, number));
        using var optimizer = Optimizer.Sgd(LearningRate, momentum: 0.9).Start(network.Trained);
        var (images, labels) = (Reference.Formula([Rows, Image.Channels, Image.Height, Image.Width], 1, 0.37, 0.5), arange(Rows).remainder(Outputs));
        foreach (var (step, loss) in expected.Losses.Index())
        {
            optimizer.ZeroGrad();
            var actual = functional.cross_entropy(network.call(images), labels);
            Assert.AreEqual(loss, actual.item<float>(), tolerance * Math.Max(1, loss), $"{name}: loss of step {step}");
            actual.backward();
            optimizer.Step(LearningRate);
        }

        CollectionAssert.AreEquivalent(expected.Weights.Select(weight => weight.Path).ToArray(), network.Weights.Where(weight => weight.Value.Dimensions > 0).Select(weight => weight.Key).ToArray());
        foreach (var (path, value) in expected.Weights) Reference.AssertDescribed(value, network.Weights[path], $"{name}: {path} after the steps", tolerance);
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

    private static Case[] Load(string name) => JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded(name)), JsonSerializerOptions.Web)!.Cases;

    private static IEnumerable<string> Kinds(JsonElement layer) =>
        layer.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(member => member.Value.EnumerateArray()).Where(inner => inner.ValueKind == JsonValueKind.Object).SelectMany(Kinds)
            .Prepend(layer.GetProperty("type").GetString()!);
}
