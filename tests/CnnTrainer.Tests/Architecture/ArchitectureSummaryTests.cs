namespace CnnMlNet.Tests.Architecture;

[TestClass]
public sealed class ArchitectureSummaryTests
{
    private static readonly ImageShape Digits = new(1, 28, 28);

    [EachCulture]
    public void ToString_Table_ReadsLikeThis() => Assert.AreEqual(
        """
        Layer                            Output shape       Parameters  Multiply-adds
        -----------------------------------------------------------------------------
         1  Conv 16, kernel 5, padding 2 [16, 28, 28]              416        313,600
         2  ReLU                         [16, 28, 28]                0              0
         3  MaxPool 2                    [16, 14, 14]                0              0
         4  Conv 32, kernel 5, padding 2 [32, 14, 14]           12,832      2,508,800
         5  ReLU                         [32, 14, 14]                0              0
         6  MaxPool 2                    [32, 7, 7]                  0              0
         7  Flatten                      [1568]                      0              0
         8  Output 10                    [10]                   15,690         15,680
        -----------------------------------------------------------------------------
        Input image:                      [1, 28, 28]
        Parameters:                       28,938
        Multiply-adds an image:           2,838,080
        Input size (MB):                  0.00
        Forward/backward pass size (MB):  0.34
        Parameters size (MB):             0.11
        Estimated total size (MB):        0.45
        """.ReplaceLineEndings(),
        CnnArchitecture.Simple.Summarize(Digits, 10).ToString());

    [TestMethod]
    public void Layers_Nested_HaveRowsPathsAndSums()
    {
        var block = Layer.Residual([Layer.Conv(4, 3, padding: 1), Layer.BatchNorm()], shortcut: [Layer.Conv(4, 1)]).Named("block");
        var summary = new CnnArchitecture(block, Layer.Sequence(Layer.Flatten(), Layer.Output()).Named("top")).Summarize(new ImageShape(2, 5, 7), 3);
        CollectionAssert.AreEqual(
            new[] { "block", "block.branch.0", "block.branch.1", "block.shortcut.0", "top", "top.0", "top.1" }, summary.Layers.Select(row => row.Path).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 76, 8, 12, 0, 0, 423 }, summary.Layers.Select(row => row.Parameters).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 72 * 35, 4 * 35, 8 * 35, 0, 0, 420 }, summary.Layers.Select(row => row.MultiplyAdds).ToArray());
        Assert.AreEqual(519, summary.Parameters);
        Assert.AreEqual(ActivationShape.Image(4, 5, 7), summary.Layers[0].OutputShape);
    }

    [TestMethod]
    public void Buffers_RunningStatistics_AreCountedApart()
    {
        var summary = CnnArchitecture.SimpleBatchNorm.Summarize(Digits, 10);
        Assert.AreEqual(33, summary.Layers[1].Buffers, "mean and variance of 16 channels, and how many batches");
        Assert.AreEqual(98, summary.Buffers);
        StringAssert.Contains(summary.ToString(), "Buffers (no parameters):          98");
    }

    [TestMethod]
    public void MultiplyAdds_DepthwiseSeparable_AreAFractionOfTheConvolutions()
    {
        long Count(Layer layer) => new CnnArchitecture(layer, Layer.Flatten(), Layer.Output()).Summarize(new ImageShape(8, 10, 10), 2).Layers.Where(row => row.Path.StartsWith('0')).Sum(row => row.MultiplyAdds);
        Assert.AreEqual(16 * 8 * 9 * 100, Count(Layer.Conv(16, 3, padding: 1)));
        Assert.AreEqual(8 * 9 * 100 + 16 * 8 * 100, Count(Layer.DepthwiseSeparableConv(16, 3, padding: 1)));
        Assert.AreEqual(800, Count(Layer.GroupNorm(4)));
    }

    [TestMethod]
    public void Repeat_Layers_HaveWeightsOfTheirOwn()
    {
        var summary = new CnnArchitecture(Layer.Repeat(3, Layer.Conv(1, 3, padding: 1), Layer.Relu()).Named("body"), Layer.Flatten(), Layer.Output()).Summarize(Digits, 2);
        CollectionAssert.AreEqual(new[] { "body.0.0", "body.1.0", "body.2.0" }, summary.Layers.Where(row => row.Layer is ConvLayer).Select(row => row.Path).ToArray());
        Assert.AreEqual(30, summary.Layers.Where(row => row.Layer is ConvLayer).Sum(row => row.Parameters));
    }

    [TestMethod]
    public void Parameters_BuiltNetwork_AreAsManyAsSummed()
    {
        foreach (var architecture in new[] { Some.Network, Some.AllLayers, CnnArchitecture.Simple, CnnArchitecture.LeNet5 })
        {
            var image = new ImageShape(2, 16, 20);
            using var scope = TorchSharp.torch.NewDisposeScope();
            using var network = Networks.Build(architecture, image, 5);
            Assert.AreEqual(architecture.Summarize(image, 5).Parameters, network.parameters().Sum(parameter => parameter.numel()));
        }
    }
}
