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
            "Layer 2 (Conv 4, kernel 5) does not fit its input [1, 4, 4]: the height would be floor((4 - 5 + 2 * 0) / 1) + 1, but 4 - 5 + 2 * 0 = -1 is negative: " +
            "use a kernel of at most 4, a padding of at least 1, or less down-sampling before it.",
            error.Message);
    }

    [TestMethod]
    public void Summarize_LinearBeforeFlatten_SaysWhatIsMissing()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Output()).Summarize(Small, 3));
        Assert.AreEqual("Layer 1 (Linear, one per class) does not fit its input [1, 8, 8]: it needs a flat vector [F]: put Layer.Flatten() before it.", error.Message);
    }

    [TestMethod]
    public void Summarize_ConvAfterFlatten_SaysWhereItBelongs()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Flatten(), Layer.Conv(2, 3), Layer.Output()).Summarize(Small, 3));
        Assert.AreEqual("Layer 2 (Conv 2, kernel 3) does not fit its input [64]: it needs an image [C, H, W]: move it before Layer.Flatten().", error.Message);
    }

    [TestMethod]
    public void Summarize_LastLayerOfOtherWidth_SaysHowToEnd()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Flatten(), Layer.Linear(7)).Summarize(Small, 3));
        Assert.AreEqual("The last layer (Linear 7) gives [7], but 3 classes need [3]: end the architecture with Layer.Output().", error.Message);
    }

    [TestMethod]
    public void Summarize_NotFlattened_SaysHowToEnd()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.Relu()).Summarize(Small, 3));
        StringAssert.EndsWith(error.Message, "end the architecture with Layer.Flatten(), Layer.Output().");
    }

    [TestMethod]
    public void Summarize_SizesBeyond64Bits_NamesTheLayer()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new CnnArchitecture(Layer.Conv(int.MaxValue, 1), Layer.Conv(int.MaxValue, 7, padding: 3), Layer.Flatten(), Layer.Output()).Summarize(Small, 3));
        StringAssert.StartsWith(error.Message, "Layer 2 (Conv 2147483647, kernel 7, padding 3) is too large for its input [2147483647, 8, 8]");
    }

    [TestMethod]
    public void Summarize_ImpossibleImageOrClasses_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Some.Network.Summarize(new ImageShape(0, 8, 8), 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Some.Network.Summarize(Small, 0));
    }
}
