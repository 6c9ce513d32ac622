namespace CnnMlNet.Tests.Architecture;

[TestClass]
public sealed class ArchitectureSummaryTests
{
    private static readonly ImageShape Digits = new(1, 28, 28);

    private static readonly CnnArchitecture ConvolutionsOnly = new(
        Layer.Conv(32, 7), Layer.Relu(), Layer.Conv(64, 7), Layer.Relu(), Layer.Conv(128, 7), Layer.Relu(), Layer.Conv(256, 7), Layer.Relu(),
        Layer.Flatten(), Layer.Linear(128), Layer.Relu(), Layer.Output());

    [TestMethod]
    public void Simple_Digits_HasTheLabsParameters() =>
        Assert.AreEqual(28_938, CnnArchitecture.Simple.Summarize(Digits, 10).Parameters);

    [TestMethod]
    public void LeNet5_Digits_HasItsParameters() =>
        Assert.AreEqual(61_706, CnnArchitecture.LeNet5.Summarize(Digits, 10).Parameters);

    [TestMethod]
    public void LectureNetwork_Digits_HasItsParameters()
    {
        var network = new CnnArchitecture(
            Layer.Conv(10, 5), Layer.Relu(), Layer.MaxPool(2), Layer.Conv(20, 5), Layer.Relu(), Layer.MaxPool(2), Layer.Flatten(), Layer.Output());
        var summary = network.Summarize(Digits, 10);
        Assert.AreEqual(8_490, summary.Parameters);
        Assert.AreEqual(ActivationShape.Flat(320), summary.Layers[6].OutputShape);
    }

    [TestMethod]
    [DataRow(1, 28, 29_034)]
    [DataRow(3, 32, 34_634)]
    public void BatchNormalisedNetwork_DigitsOrColours_HasItsParameters(int channels, int size, int parameters)
    {
        var network = new CnnArchitecture(
            Layer.Conv(16, 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
            Layer.Conv(32, 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2), Layer.Flatten(), Layer.Output());
        var summary = network.Summarize(new ImageShape(channels, size, size), 10);
        Assert.AreEqual(parameters, summary.Parameters);
        Assert.AreEqual(32, summary.Layers[1].Parameters);
    }

    [EachCulture]
    public void ConvolutionsOnly_Digits_MatchesTheLectureTable()
    {
        var summary = ConvolutionsOnly.Summarize(Digits, 10);
        CollectionAssert.AreEqual(
            new long[] { 1_600, 100_416, 401_536, 1_605_888, 524_416, 1_290 },
            summary.Layers.Select(layer => layer.Parameters).Where(count => count > 0).ToArray());
        CollectionAssert.AreEqual(
            new[] { "[32, 22, 22]", "[64, 16, 16]", "[128, 10, 10]", "[256, 4, 4]", "[4096]", "[128]", "[10]" },
            summary.Layers.Where(layer => layer.Layer != Layer.Relu()).Select(layer => layer.OutputShape.ToString()).ToArray());
        Assert.AreEqual(2_635_146, summary.Parameters);
        Assert.AreEqual(10.05, summary.ParametersMegabytes, 0.005);
        Assert.AreEqual(0.78, summary.ForwardBackwardMegabytes, 0.005);
    }

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
        Input image:            [1, 28, 28]
        Parameters:             28,938 (0.11 MB)
        Multiply-adds:          2,838,080 an image
        Forward and backward:   0.34 MB an image
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
