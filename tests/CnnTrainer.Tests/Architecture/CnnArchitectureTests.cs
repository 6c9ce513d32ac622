namespace CnnMlNet.Tests.Architecture;

[TestClass]
public sealed class CnnArchitectureTests
{
    private static readonly ImageShape Small = new(1, 8, 8);

    [TestMethod]
    public void Constructor_NoLayers_Throws() => Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture());

    [TestMethod]
    public void Constructor_NullLayer_Throws() => Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Flatten(), null!));

    [TestMethod]
    public void Constructor_ListChangedAfterwards_KeepsItsLayers()
    {
        var layers = new List<Layer> { Layer.Flatten(), Layer.Output() };
        var architecture = new CnnArchitecture(layers);
        layers.Clear();
        Assert.HasCount(2, architecture.Layers);
    }

    [TestMethod]
    public void Summarize_KernelLargerThanImage_NamesLayerInputAndArithmetic()
    {
        var architecture = new CnnArchitecture(Layer.MaxPool(2), Layer.Conv(4, 5), Layer.Flatten(), Layer.Output());
        var error = Assert.ThrowsExactly<ArgumentException>(() => architecture.Summarize(Small, 3));
        Assert.AreEqual(
            "Layer 2 (Conv 4, kernel 5) does not fit its input [1, 4, 4]: the height would be floor((4 - 5 + 2 * 0) / 1) + 1, but 4 - 5 + 2 * 0 = -1 is negative, the kernel being 5: " +
            "use a kernel of at most 4, a padding of at least 1, or less down-sampling before it.",
            error.Message);
    }

    [TestMethod]
    public void Summarize_LinearBeforeFlatten_SaysWhatIsMissing()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Output()).Summarize(Small, 3));
        Assert.AreEqual("Layer 1 (Output 3) does not fit its input [1, 8, 8]: it needs a flat vector [F]: put Layer.Flatten() before it.", error.Message);
    }

    [TestMethod]
    public void Summarize_ConvAfterFlatten_SaysWhereItBelongs()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Flatten(), Layer.Conv(2, 3), Layer.Output()).Summarize(Small, 3));
        Assert.AreEqual("Layer 2 (Conv 2, kernel 3) does not fit its input [64]: it needs an image [C, H, W]: move it before Layer.Flatten().", error.Message);
    }

    [TestMethod]
    public void Constructor_NoOutput_SaysHowToEnd()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Flatten(), Layer.Linear(7)));
        Assert.AreEqual(
            "The architecture ends in Linear 7 and has no Layer.Output(): write it once, as the last layer: " +
            "new CnnArchitecture(..., Layer.Flatten(), Layer.Output()). (Parameter 'layers')", error.Message);
    }

    [TestMethod]
    public void Constructor_OutputElsewhere_SaysWhere()
    {
        AssertWrong("Layer.Output() stands elsewhere than at the end of the architecture", Layer.Flatten(), Layer.Output(), Layer.Relu());
        AssertWrong("Layer.Output() stands elsewhere than at the end of the architecture", Layer.Flatten(), Layer.Residual([Layer.Output()]));
        AssertWrong("Layer.Output() stands elsewhere than at the end of the architecture", Layer.Flatten(), Layer.Sequence(Layer.Output(), Layer.Relu()));
        AssertWrong("Layer.Output() stands elsewhere than at the end of the architecture", Layer.Flatten(), Layer.Sequence(Layer.Residual([Layer.Output()])));
        AssertWrong("The architecture has Layer.Output() 2 times", Layer.Flatten(), Layer.Output(), Layer.Output());
        AssertWrong("The architecture has Layer.Output() 2 times", Layer.Flatten(), Layer.Residual([Layer.Output()]), Layer.Output());
    }

    [TestMethod]
    public void Constructor_OutputAtTheEndOfASequence_IsTheEnd()
    {
        var architecture = new CnnArchitecture(Layer.Sequence(Layer.Flatten(), Layer.Sequence(Layer.Relu(), Layer.Output())));
        Assert.AreEqual(ActivationShape.Flat(3), architecture.Summarize(Small, 3).Layers[^1].OutputShape);
    }

    [TestMethod]
    public void Constructor_SameNameTwice_Throws()
    {
        AssertWrong("An architecture has two layers with the name 'a'", Layer.Relu().Named("a"), Layer.Flatten().Named("a"), Layer.Output());
        Assert.ThrowsExactly<ArgumentException>(() => Layer.Sequence(Layer.Relu().Named("a"), Layer.Tanh().Named("a")));
        Assert.ThrowsExactly<ArgumentException>(() => Layer.Residual([Layer.Relu().Named("a"), Layer.Tanh().Named("a")]));
        _ = new CnnArchitecture(Layer.Sequence(Layer.Relu().Named("a")).Named("a"), Layer.Relu().Named("branch"), Layer.Flatten(), Layer.Output());
    }

    [TestMethod]
    public void Summarize_SizesBeyond64Bits_NamesTheLayer()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new CnnArchitecture(Layer.Relu(), Layer.Conv(int.MaxValue, (int.MaxValue, int.MaxValue), padding: Padding.Same), Layer.Flatten(), Layer.Output()).Summarize(Small, 3));
        StringAssert.StartsWith(error.Message, "Layer 2 (Conv 2147483647, kernel 2147483647, padding same) does not fit its input [1, 8, 8]: with its padding the input would have 4,611,686,");
    }

    private static void AssertWrong(string message, params Layer[] layers) =>
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(layers)).Message, message);

    [TestMethod]
    public void Summarize_ImpossibleImageOrClasses_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Some.Network.Summarize(new ImageShape(0, 8, 8), 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Some.Network.Summarize(Small, 0));
    }
}
