using CnnMlNet.Tests.Architecture;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests;

/// <summary>Layers within layers: the paths of their weights, what they compute, and what comes out on the way.</summary>
[TestClass]
public sealed class PathTests
{
    private const int Classes = 3;
    private static readonly ImageShape Image = new(2, 6, 6);

    private static readonly CnnArchitecture Nested = new(
        Layer.Sequence(Layer.Conv(4, 3, padding: 1), Layer.BatchNorm(), Layer.Relu()).Named("stem"),
        Layer.Residual([Layer.Conv(4, 3, padding: 1).Named("conv"), Layer.Tanh()]).Named("block1"),
        Layer.Residual([Layer.Conv(8, 3, stride: 2, padding: 1), Layer.Sequence(Layer.Relu(), Layer.Conv(8, 1))], shortcut: [Layer.Conv(8, 1, stride: 2)]),
        Layer.Flatten(), Layer.Dropout(0.5).Named("drop"), Layer.Output().Named("head"));

    [TestMethod]
    public void Weights_OfNestedLayers_HaveTheirPaths()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(Nested, Image, Classes);
        string[] expected =
        [
            "stem.0.weight", "stem.0.bias", "stem.1.weight", "stem.1.bias", "stem.1.running_mean", "stem.1.running_var", "stem.1.num_batches_tracked",
            "block1.branch.conv.weight", "block1.branch.conv.bias", "2.branch.0.weight", "2.branch.0.bias", "2.branch.1.1.weight", "2.branch.1.1.bias",
            "2.shortcut.0.weight", "2.shortcut.0.bias", "head.weight", "head.bias",
        ];
        CollectionAssert.AreEqual(expected, network.Weights.Keys.ToArray());
        CollectionAssert.AreEqual(expected.Where(path => !path.Contains("running") && !path.Contains("tracked")).ToArray(), network.Trained.Select(pair => pair.Path).ToArray());
    }

    [TestMethod]
    public void Residual_WithAndWithoutShortcut_AddsBoth()
    {
        using var scope = NewDisposeScope();
        using var network = Evaluated();
        using var quiet = no_grad();
        var x = network.Forward(Images(3), until: "stem");
        AssertClose(x.add(network.Forward(Images(3), "block1.branch.1"), 1), network.Forward(Images(3), "block1"));
        AssertClose(network.Forward(Images(3), "2.branch.1").add(network.Forward(Images(3), "2.shortcut.0"), 1), network.Forward(Images(3), "2"));
    }

    [TestMethod]
    public void Forward_UntilAnyLayer_GivesItsOutput()
    {
        using var scope = NewDisposeScope();
        using var network = Evaluated();
        foreach (var layer in network.Plan.SelectMany(layer => layer.Flatten()))
        {
            var shape = network.Forward(Images(2), layer.Path).shape;
            long[] expected = layer.Output.IsImage ? [2, layer.Output.Channels, layer.Output.Height, layer.Output.Width] : [2, layer.Output.Channels];
            CollectionAssert.AreEqual(expected, shape, layer.Path);
        }

        AssertClose(network.call(Images(2)), network.Forward(Images(2), "head"));
        var first = functional.conv2d(Images(2), network.Weights["stem.0.weight"], network.Weights["stem.0.bias"], padding: [1, 1]);
        AssertClose(first, network.Forward(Images(2), "stem.0"));
        AssertClose(network.Forward(Images(2), "stem.1").relu(), network.Forward(Images(2), "stem"));
    }

    [TestMethod]
    public void Forward_UntilSomeLayer_RunsNoneAfterIt()
    {
        int seen = 0;
        CnnModules.Register("PathTests.Counts", _ => new OwnNetworks.Counts((_, _) => seen++));
        using var scope = NewDisposeScope();
        using var network = Networks.Build(new CnnArchitecture(Layer.Relu(), Layer.Module("PathTests.Counts"), Layer.Flatten(), Layer.Output()), Image, Classes);
        seen = 0;
        network.Forward(Images(1), "0");
        Assert.AreEqual(0, seen);
        network.Forward(Images(1), "1");
        Assert.AreEqual(1, seen);
    }

    [TestMethod]
    public void Forward_UntilAnUnknownPath_NamesTheOnesThereAre()
    {
        using var scope = NewDisposeScope();
        using var network = Evaluated();
        foreach (var path in new[] { "block1.branch", "stem.9", "", "Stem" })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => network.Forward(Images(1), path));
            StringAssert.StartsWith(
                error.Message, $"No layer has the path '{path}'. There are: stem, stem.0, stem.1, stem.2, block1, block1.branch.conv, block1.branch.1, 2, 2.branch.0, 2.branch.1, " +
                "2.branch.1.0, 2.branch.1.1, 2.shortcut.0, 3, drop, head.");
        }
    }

    [TestMethod]
    public void TrainAndEval_OfNestedLayers_ReachAllOfThem()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(Nested, Image, Classes);
        network.Forward(Images(4), "stem");
        Assert.AreEqual(1L, network.Weights["stem.1.num_batches_tracked"].item<long>());
        network.eval();
        var one = network.call(Images(4));
        Assert.AreEqual(1L, network.Weights["stem.1.num_batches_tracked"].item<long>());
        AssertClose(one, network.call(Images(4)));
        network.train();
        Assert.AreNotEqual(network.Forward(Images(4), "drop").sum().item<float>(), network.Forward(Images(4), "drop").sum().item<float>());
    }

    [TestMethod]
    public void Fit_NestedLayers_LearnAndComeBack()
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, Some.Options with { Architecture = Nested, Epochs = 10 });
        Assert.IsGreaterThan(0.9, model.Model.History.Epochs[^1].Accuracy!.Value);
        using var loaded = (CnnTransformer)ModelZip.Load(ml, ModelZip.Save(ml, model));
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(ml))), Some.FlatScores(loaded.Transform(Some.Images(ml))));
        CollectionAssert.AreEqual(Nested.Layers.ToArray(), loaded.Model.Architecture.Layers.ToArray(), "layers are equal by content");
    }

    [TestMethod]
    public void Dispose_Network_LeavesNothingAndIsHarmlessTwice()
    {
        long before = Tensor.TotalCount;
        var network = Networks.Build(Nested, Image, Classes);
        network.Dispose();
        long miscounted = Tensor.TotalCount - before;   // see LeakTests.Miscounted
        network.Dispose();
        Assert.AreEqual(before + miscounted, Tensor.TotalCount);
        Assert.IsTrue(network.Weights.Values.All(weight => weight.IsInvalid));
    }

    private static Network Evaluated()
    {
        var network = Networks.Build(Nested, Image, Classes);
        network.eval();
        return network;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        foreach (var (one, other) in expected.detach().contiguous().data<float>().Zip(actual.detach().contiguous().data<float>())) Assert.AreEqual(one, other, 1e-5f);
    }

    private static Tensor Images(int rows) =>
        tensor([.. Enumerable.Range(0, rows * (int)Image.Size).Select(i => (float)Math.Sin(0.7 * i))], [rows, Image.Channels, Image.Height, Image.Width]);
}
