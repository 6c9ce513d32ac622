namespace CnnMlNet.Tests.Architecture;

/// <summary>What padding and overlapping windows give, number by number; the lectures' examples are in <see cref="GoldenNumbersTests"/>.</summary>
[TestClass]
public sealed class ConvolutionAndPoolingTests
{
    private static readonly float[] PooledImage = [4, 9, 2, 5, 5, 6, 2, 4, 2, 4, 5, 4, 5, 6, 8, 4];

    [TestMethod]
    public void Conv_Padding_IsZero() =>
        Layers.AssertValues([1, 2, 1, 2, 4, 2, 1, 2, 1], Layer.Conv(1, 2, padding: 1), Square(2), [1, 1, 1, 1], [1, 1, 1, 1]);

    [TestMethod]
    public void AvgPool_Padding_CountsAsZeros() => Layers.AssertValues([1, 2.25f, 1.25f, 2.5f, 6, 3.5f, 1.5f, 3.75f, 2.25f],
        Layer.AvgPool(2, stride: 2, padding: 1), Square(4), [4, 4, 5, 5, 4, 6, 6, 6, 6, 6, 6, 8, 6, 7, 8, 9]);

    [TestMethod]
    public void MaxPool_Padding_IsNeverTheLargest() =>
        Layers.AssertValues([-1, -1, -1, -1], Layer.MaxPool(2, stride: 1, padding: 1), new ImageShape(1, 1, 1), [-1]);

    [TestMethod]
    public void MaxPool_Stride_OverlapsWindows() => Layers.AssertValues([9, 9, 5, 6, 6, 5, 6, 8, 8], Layer.MaxPool(2, stride: 1), Square(4), PooledImage);

    private static ImageShape Square(int size) => new(1, size, size);
}
