using CnnMlNet.Persistence.Format;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

[TestClass]
public sealed class InitializerTests
{
    private static readonly ImageShape Image = new(6, 8, 8);

    /// <summary>A convolution [32, 6 / 2, 5, 5]: fan in 75, fan out 800; and a linear layer [100, 128]: fan in 128, fan out 100.</summary>
    private static readonly Layer[] Body = [Layer.Conv(32, kernel: 5, groups: 2), Layer.MaxPool(2), Layer.Flatten(), Layer.Linear(100)];

    public static IEnumerable<object?[]> Distributions =>
    [
        [null, false, Math.Sqrt(1 / 75.0 / 3), Math.Sqrt(1 / 128.0 / 3)],
        [Initializer.XavierUniform(), false, Math.Sqrt(2 / 875.0), Math.Sqrt(2 / 228.0)],
        [Initializer.XavierUniform(2), false, 2 * Math.Sqrt(2 / 875.0), 2 * Math.Sqrt(2 / 228.0)],
        [Initializer.XavierNormal(), true, Math.Sqrt(2 / 875.0), Math.Sqrt(2 / 228.0)],
        [Initializer.HeUniform(), false, Math.Sqrt(2 / 75.0), Math.Sqrt(2 / 128.0)],
        [Initializer.HeNormal(), true, Math.Sqrt(2 / 75.0), Math.Sqrt(2 / 128.0)],
    ];

    [TestMethod]
    [DynamicData(nameof(Distributions))]
    public void Initialized_Architecture_HasTheFormulasDistribution(Initializer? initializer, bool normal, double conv, double linear)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(new CnnArchitecture([.. Body, Layer.Output()]).Initialized(initializer), Image, 3);
        AssertDistribution(Values(network, "0.weight"), conv, normal);
        AssertDistribution(Values(network, "3.weight"), linear, normal);
        Assert.IsTrue(Values(network, "0.bias").Distinct().Count() > 1, "biases keep their default");
    }

    [TestMethod]
    public void Initialized_Bias_HasItsValueAndWeightsStayAsTheyWere()
    {
        using var scope = NewDisposeScope();
        var architecture = new CnnArchitecture([.. Body, Layer.Output()]);
        using var before = Networks.Build(architecture, Image, 3);
        using var after = Networks.Build(architecture.Initialized(bias: Initializer.Constant(0.25)), Image, 3);
        CollectionAssert.AreEqual(Values(before, "0.weight"), Values(after, "0.weight"), "the first weight is drawn first");
        foreach (var path in new[] { "0.bias", "3.bias", "4.bias" }) Assert.IsTrue(Values(after, path).All(value => value == 0.25f), path);
    }

    [TestMethod]
    public void Initialized_LayerThenArchitecture_KeepsTheLayersOwn()
    {
        using var scope = NewDisposeScope();
        var block = Layer.Residual([Layer.Conv(6, 3, padding: 1).Initialized(Initializer.Constant(0.5)), Layer.BatchNorm()], shortcut: [Layer.DepthwiseConv(1)]);
        var architecture = new CnnArchitecture(
            Layer.Conv(6, 1, bias: false), block, Layer.BatchNorm().Initialized(Initializer.Zeros(), Initializer.Constant(2)),
            Layer.Sequence(Layer.Flatten(), Layer.Linear(4)).Initialized(Initializer.Constant(3)), Layer.Output()).Initialized(Initializer.Constant(-1), Initializer.Zeros());
        using var network = Networks.Build(architecture, Image, 3);
        var expected = new Dictionary<string, float>
        {
            ["0.weight"] = -1, ["1.branch.0.weight"] = 0.5f, ["1.branch.0.bias"] = 0, ["1.branch.1.weight"] = 1, ["1.shortcut.0.weight"] = -1, ["1.shortcut.0.bias"] = 0,
            ["2.weight"] = 0, ["2.bias"] = 2, ["3.1.weight"] = 3, ["3.1.bias"] = 0, ["4.weight"] = -1, ["4.bias"] = 0,
        };
        foreach (var (path, value) in expected) Assert.IsTrue(Values(network, path).All(found => found == value), $"{path}: {Values(network, path)[0]}");
    }

    [TestMethod]
    public void Initialized_SameSeed_DrawsTheSame()
    {
        using var scope = NewDisposeScope();
        var architecture = new CnnArchitecture([.. Body, Layer.Output()]).Initialized(Initializer.HeNormal());
        using var one = Networks.Build(architecture, Image, 3, seed: 5);
        using var two = Networks.Build(architecture, Image, 3, seed: 5);
        using var other = Networks.Build(architecture, Image, 3, seed: 6);
        CollectionAssert.AreEqual(Values(one, "3.weight"), Values(two, "3.weight"));
        CollectionAssert.AreNotEqual(Values(one, "3.weight"), Values(other, "3.weight"));
    }

    [EachCulture]
    public void Initialized_WhereItCannotBe_SaysWhy()
    {
        AssertWrong("ReLU has no weights whose first values could be chosen.", () => Layer.Relu().Initialized(Initializer.Zeros()));
        AssertWrong("A bias has no fan in, so He uniform does not apply: use Initializer.Zeros() or Initializer.Constant.", () => Layer.Linear(3).Initialized(bias: Initializer.HeUniform()));
        AssertWrong("A bias has no fan in, so Xavier normal, gain 0.5 does not apply", () => new CnnArchitecture(Layer.Flatten(), Layer.Output()).Initialized(bias: Initializer.XavierNormal(0.5)));
        AssertWrong("BatchNorm has one weight a channel, so He normal does not apply: use Initializer.Constant.", () => Layer.BatchNorm().Initialized(Initializer.HeNormal()));
        AssertWrong("Conv 4, kernel 3, no bias has no bias to initialise.", () => Layer.Conv(4, 3, bias: false).Initialized(bias: Initializer.Zeros()));
        AssertWrong("must be greater than 0 and finite", () => Initializer.XavierNormal(0));
        AssertWrong("must be greater than 0 and finite", () => Initializer.XavierUniform(double.NaN));
        AssertWrong("must be finite as a 32-bit float", () => Initializer.Constant(1e39));
    }

    [EachCulture]
    public void Layers_SavedAndRead_AreEqual()
    {
        var architecture = new CnnArchitecture(
        [
            .. Some.AllLayers.Layers.SkipLast(1), Layer.Linear(5, bias: false).Initialized(Initializer.XavierUniform(0.5)), Layer.BatchNorm(0.2, 1e-3).Initialized(Initializer.Zeros()),
            Layer.Linear(4).Initialized(Initializer.HeNormal(), Initializer.Constant(0.125)), Layer.Output().Initialized(Initializer.HeUniform()),
        ]);
        var read = StrictJson.Read<CnnArchitecture>(StrictJson.Write(architecture));
        CollectionAssert.AreEqual(architecture.Layers.ToArray(), read.Layers.ToArray());
    }

    [TestMethod]
    public void Layers_WithoutNewSettings_AreWrittenAsBeforeTheyHadThem()
    {
        Layer[] layers = [Layer.MaxPool(2), Layer.AvgPool(3, 2, 1), Layer.BatchNorm(), Layer.Linear(4), Layer.Output()];
        Assert.AreEqual(
            """{"type":"maxPool","kernel":2,"stride":2,"padding":0} {"type":"avgPool","kernel":3,"stride":2,"padding":1} {"type":"batchNorm"} {"type":"linear","outputs":4} {"type":"output"}""",
            string.Join(' ', layers.Select(layer => System.Text.Encoding.UTF8.GetString(StrictJson.Write(layer)))));
        Assert.AreEqual(
            """{"type":"maxPool","dilation":[2,1],"kernel":2,"stride":2,"padding":0,"ceilMode":true}""",
            System.Text.Encoding.UTF8.GetString(StrictJson.Write(Layer.MaxPool(2, dilation: (2, 1), ceilMode: true))));
    }

    private static float[] Values(Network network, string path) => network.Weights[path].detach().data<float>().ToArray();

    /// <summary>Mean 0, the deviation within five standard errors, and the bounds of a uniform distribution or the tails of a normal one.</summary>
    private static void AssertDistribution(float[] values, double deviation, bool normal)
    {
        double found = Math.Sqrt(values.Average(value => (double)value * value)), kurtosis = normal ? 3 : 1.8;
        Assert.AreEqual(0, values.Average(), 5 * deviation / Math.Sqrt(values.Length));
        Assert.AreEqual(deviation, found, 5 * deviation * Math.Sqrt((kurtosis - 1) / 4 / values.Length));
        double most = values.Max(value => Math.Abs((double)value)) / deviation;
        if (normal) Assert.IsGreaterThan(2.5, most);
        else Assert.IsTrue(most is > 1.7 and <= 1.7321, $"{most}: the bounds are sqrt(3) deviations away");
    }

    private static void AssertWrong(string message, Func<object> make)
    {
        try { make(); }
        catch (ArgumentException e)
        {
            StringAssert.StartsWith(e.Message, message);
            return;
        }

        Assert.Fail($"no exception: {message}");
    }
}
