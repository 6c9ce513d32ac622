namespace CnnMlNet.Tests.Architecture;

/// <summary>W2 = floor((W1 - F + 2P) / S) + 1, in the summary and in what LibTorch does.</summary>
[TestClass]
public sealed class LayerShapeTests
{
    [TestMethod]
    [DataRow(3, 32, 1, 5, 1, 0, 1, 28)]
    [DataRow(3, 32, 4, 5, 1, 0, 4, 28)]
    [DataRow(3, 32, 4, 3, 1, 1, 4, 32)]
    [DataRow(3, 32, 4, 5, 1, 2, 4, 32)]
    [DataRow(4, 11, 2, 5, 2, 0, 2, 4)]
    [DataRow(3, 227, 96, 11, 4, 0, 96, 55)]
    [DataRow(1, 5, 3, 2, 1, 0, 3, 4)]
    public void Conv_AnyArithmetic_AgreesWithLibTorch(int channels, int size, int filters, int kernel, int stride, int padding, int outChannels, int outSize) =>
        AssertShape(Layer.Conv(filters, kernel, stride, padding), new ImageShape(channels, size, size), outChannels, outSize, outSize);

    [TestMethod]
    [DataRow(28, 2, null, 0, 14)]
    [DataRow(7, 2, null, 0, 3)]
    [DataRow(7, 3, 2, 1, 4)]
    [DataRow(13, 3, 2, 0, 6)]
    public void Pool_AnyArithmetic_AgreesWithLibTorch(int size, int kernel, int? stride, int padding, int outSize)
    {
        AssertShape(Layer.MaxPool(kernel, stride, padding), new ImageShape(2, size, size), 2, outSize, outSize);
        AssertShape(Layer.AvgPool(kernel, stride, padding), new ImageShape(2, size, size), 2, outSize, outSize);
    }

    [TestMethod]
    public void Conv_ImageThatIsNotSquare_KeepsHeightAndWidthApart() =>
        AssertShape(Layer.Conv(2, 3, stride: 2), new ImageShape(1, 5, 11), 2, 2, 5);

    [TestMethod]
    public void Flatten_Image_GivesItsSize()
    {
        var summary = new CnnArchitecture(Layer.Flatten(), Layer.Output()).Summarize(new ImageShape(3, 5, 7), 2);
        Assert.AreEqual(ActivationShape.Flat(105), summary.Layers[0].OutputShape);
        CollectionAssert.AreEqual(new long[] { 1, 105 }, Layers.Run(Layer.Flatten(), new ImageShape(3, 5, 7), new float[105]).Shape);
    }

    private static void AssertShape(Layer layer, ImageShape image, int channels, int height, int width)
    {
        var summary = new CnnArchitecture(layer, Layer.Flatten(), Layer.Output()).Summarize(image, outputs: 10);
        Assert.AreEqual(ActivationShape.Image(channels, height, width), summary.Layers[0].OutputShape);
        var (shape, _) = Layers.Run(layer, image, new float[image.Size]);
        CollectionAssert.AreEqual(new long[] { 1, channels, height, width }, shape);
    }
}
