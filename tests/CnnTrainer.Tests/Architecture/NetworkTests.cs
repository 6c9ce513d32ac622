using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Architecture;

/// <summary>What every network must do whatever its layers are.</summary>
[TestClass]
public sealed class NetworkTests
{
    private const int Classes = 5;
    private static readonly ImageShape Image = new(2, 16, 12);

    public static IEnumerable<object[]> Architectures =>
    [
        [nameof(Some.Network), Some.Network], [nameof(Some.AllLayers), Some.AllLayers],
        [nameof(CnnArchitecture.Simple), CnnArchitecture.Simple], [nameof(CnnArchitecture.LeNet5), CnnArchitecture.LeNet5],
    ];

    [TestMethod]
    [DynamicData(nameof(Architectures))]
    public void Network_AnyBatch_GivesFiniteLogits(string name, CnnArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(architecture, Image, Classes);
        foreach (int rows in new[] { 2, 7 })
        {
            var logits = network.call(Images(rows));
            CollectionAssert.AreEqual(new long[] { rows, Classes }, logits.shape, name);
            Assert.IsTrue(logits.data<float>().All(float.IsFinite), name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Architectures))]
    public void Network_OneStep_ChangesEveryParameter(string name, CnnArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(architecture, Image, Classes);
        using var optimizer = Optimizer.Sgd(0.1).Start(network.Trained);
        var before = network.Trained.ToDictionary(pair => pair.Path, pair => Values(pair.Parameter));
        functional.cross_entropy(network.call(Images(10)), arange(10).remainder(Classes)).backward();
        optimizer.Step(0.1);
        foreach (var (parameterName, parameter) in network.Trained)
        {
            Assert.IsTrue(Values(parameter.grad!).All(float.IsFinite), $"{name}: gradient of {parameterName}");
            CollectionAssert.AreNotEqual(before[parameterName], Values(parameter), $"{name}: {parameterName}");
        }
    }

    [TestMethod]
    public void Dropout_TrainAndEval_SwitchesOff()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(new CnnArchitecture(Layer.Dropout(0.5), Layer.Flatten(), Layer.Output()), Image, Classes);
        var images = Images(3);
        CollectionAssert.AreNotEqual(Values(network.call(images)), Values(network.call(images)));
        network.eval();
        CollectionAssert.AreEqual(Values(network.call(images)), Values(network.call(images)));
    }

    [TestMethod]
    public void Dropout2d_Training_ZeroesWholeChannelsAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(new CnnArchitecture(Layer.Conv(16, 1), Layer.Dropout2d(0.25), Layer.Flatten(), Layer.Output()), Image, Classes);
        using var evaluation = no_grad();
        using TorchSharp.Scalar one = 1f;
        network.Weights["0.weight"].zero_();
        network.Weights["0.bias"].fill_(one);
        var channels = Values(network.Forward(Images(50), until: "1")).Chunk(Image.Height * Image.Width).ToArray();
        Assert.IsTrue(channels.All(channel => channel.Distinct().Count() == 1), "a channel is all zero or all scaled");
        var lowest = channels.Select(channel => channel[0]).ToArray();
        CollectionAssert.AreEquivalent(new[] { 0f, 1 / 0.75f }, lowest.Distinct().ToArray());
        Assert.AreEqual(0.75, lowest.Count(value => value > 0) / 800.0, 0.06);
        network.eval();
        Assert.IsTrue(Values(network.Forward(Images(2), until: "1")).All(value => value == 1));
    }

    [TestMethod]
    public void BatchNorm_Training_HasMeanZeroAndVarianceOneAChannel()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(new CnnArchitecture(Layer.BatchNorm(), Layer.Flatten(), Layer.Output()), Image, Classes);
        using var evaluation = no_grad();
        var images = Images(6).mul(3).add(5);
        var normalised = network.Forward(images, until: "0");
        foreach (float mean in normalised.mean([0L, 2, 3]).data<float>()) Assert.AreEqual(0, mean, 1e-4);
        foreach (float square in normalised.mul(normalised).mean([0L, 2, 3]).data<float>()) Assert.AreEqual(1, square, 1e-3);
        network.eval();
        Assert.IsGreaterThan(1, network.Forward(images, until: "0").mean().item<float>(), "eval uses the running statistics, which have seen one batch only");
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static Tensor Images(int rows) =>
        tensor(Enumerable.Range(0, rows * (int)Image.Size).Select(i => (float)Math.Sin(0.7 * i)).ToArray(), [rows, Image.Channels, Image.Height, Image.Width]);
}
