namespace CnnMlNet.Tests.Architecture;

/// <summary>The worked examples of the lectures, number by number.</summary>
[TestClass]
public sealed class ConvolutionAndPoolingTests
{
    private static readonly float[] BinaryImage = [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0];
    private static readonly float[] BinaryFilter = [1, 0, 1, 0, 1, 0, 1, 0, 1];
    private static readonly float[] SignedImage = [0, 0, 1, 2, 2, 1, 2, 2, 1, 2, 0, 2, 0, 2, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1];
    private static readonly float[] SignedFilter = [0, 0.1f, -0.1f, -0.2f, 0, 0.1f, 0, 0, 0.1f];
    private static readonly float[] PooledImage = [4, 9, 2, 5, 5, 6, 2, 4, 2, 4, 5, 4, 5, 6, 8, 4];

    [TestMethod]
    [DataRow(1, new float[] { 4, 3, 4, 2, 4, 3, 2, 3, 4 })]
    [DataRow(2, new float[] { 4, 4, 2, 4 })]
    public void Conv_BinaryImage_CountsMatches(int stride, float[] expected) =>
        AssertValues(expected, Layer.Conv(1, 3, stride), Square(5), BinaryImage, BinaryFilter);

    [TestMethod]
    [DataRow(1, new[] { -0.1f, -0.2f, -0.1f, 0.1f, 0, 0, 0.3f, -0.3f, 0 })]
    [DataRow(2, new[] { -0.1f, -0.1f, 0.3f, 0 })]
    public void Conv_SignedFilter_IsCrossCorrelation(int stride, float[] expected) =>
        AssertValues(expected, Layer.Conv(1, 3, stride), Square(5), SignedImage, SignedFilter);

    [TestMethod]
    public void Conv_EvenKernel_Slides() =>
        AssertValues([19, 25, 37, 43], Layer.Conv(1, 2), Square(3), [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3]);

    [TestMethod]
    public void Conv_SeveralFilters_EachHasItsChannel()
    {
        float[] weights = [1, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1];
        var (shape, values) = Layers.Run(Layer.Conv(3, 2), Square(5), BinaryImage, weights);
        CollectionAssert.AreEqual(new long[] { 1, 3, 4, 4 }, shape);
        Assert.AreEqual(BinaryImage[0], values[0]);
        Assert.AreEqual(2 * BinaryImage[6], values[16]);
        Assert.AreEqual(BinaryImage[0] + BinaryImage[1] + BinaryImage[5] + BinaryImage[6], values[32]);
    }

    [TestMethod]
    public void Conv_Padding_IsZero() =>
        AssertValues([1, 2, 1, 2, 4, 2, 1, 2, 1], Layer.Conv(1, 2, padding: 1), Square(2), [1, 1, 1, 1], [1, 1, 1, 1]);

    [TestMethod]
    public void MaxPool_TwoByTwo_TakesTheLargest() => AssertValues([9, 5, 6, 8], Layer.MaxPool(2), Square(4), PooledImage);

    [TestMethod]
    public void AvgPool_TwoByTwo_TakesTheMean() => AssertValues([6, 3.25f, 4.25f, 5.25f], Layer.AvgPool(2), Square(4), PooledImage);

    [TestMethod]
    public void AvgPool_Padding_CountsAsZeros() => AssertValues([1, 2.25f, 1.25f, 2.5f, 6, 3.5f, 1.5f, 3.75f, 2.25f],
        Layer.AvgPool(2, stride: 2, padding: 1), Square(4), [4, 4, 5, 5, 4, 6, 6, 6, 6, 6, 6, 8, 6, 7, 8, 9]);

    [TestMethod]
    public void MaxPool_Padding_IsNeverTheLargest() =>
        AssertValues([-1, -1, -1, -1], Layer.MaxPool(2, stride: 1, padding: 1), new ImageShape(1, 1, 1), [-1]);

    [TestMethod]
    public void MaxPool_Stride_OverlapsWindows() => AssertValues([9, 9, 5, 6, 6, 5, 6, 8, 8], Layer.MaxPool(2, stride: 1), Square(4), PooledImage);

    private static ImageShape Square(int size) => new(1, size, size);

    private static void AssertValues(float[] expected, Layer layer, ImageShape image, float[] pixels, float[]? weights = null)
    {
        var (_, values) = Layers.Run(layer, image, pixels, weights);
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], 1e-6f, $"value {i}");
    }
}
