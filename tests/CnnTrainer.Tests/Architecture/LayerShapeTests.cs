namespace CnnMlNet.Tests.Architecture;

/// <summary>W2 = floor((W1 - F + 2P) / S) + 1, in the summary and in what LibTorch does.</summary>
[TestClass]
public sealed class LayerShapeTests
{
    [TestMethod]
    [DataRow(2, 9, 3, 4, 3, 1, 3)]
    [DataRow(2, 10, 3, 4, 3, 1, 3)]
    [DataRow(1, 6, 5, 1, 2, 0, 3)]
    [DataRow(4, 1, 2, 3, 1, 1, 1)]
    public void Conv_AnyArithmetic_AgreesWithLibTorch(int channels, int size, int filters, int kernel, int stride, int padding, int outSize) =>
        Layers.AssertShape(Layer.Conv(filters, kernel, stride, padding), new ImageShape(channels, size, size), filters, outSize, outSize);

    [TestMethod]
    [DataRow(28, 2, null, 0, 14)]
    [DataRow(7, 2, null, 0, 3)]
    [DataRow(7, 3, 2, 1, 4)]
    [DataRow(13, 3, 2, 0, 6)]
    public void Pool_AnyArithmetic_AgreesWithLibTorch(int size, int kernel, int? stride, int padding, int outSize)
    {
        Layers.AssertShape(Layer.MaxPool(kernel, stride, padding), new ImageShape(2, size, size), 2, outSize, outSize);
        Layers.AssertShape(Layer.AvgPool(kernel, stride, padding), new ImageShape(2, size, size), 2, outSize, outSize);
    }

    [TestMethod]
    [DataRow(5, 2, 2, 0, 1, 3)]
    [DataRow(6, 2, 2, 0, 1, 3)]
    [DataRow(7, 3, 2, 1, 1, 4)]
    [DataRow(1, 2, 2, 0, 1, 1)]
    [DataRow(4, 2, 4, 1, 1, 2)]
    [DataRow(3, 2, 4, 1, 1, 1)]   // a second window would begin at 3, behind the image: it is left out
    [DataRow(9, 3, 4, 1, 2, 3)]
    public void MaxPool_CeilMode_AgreesWithLibTorch(int size, int kernel, int stride, int padding, int dilation, int outSize)
    {
        Layers.AssertShape(Layer.MaxPool(kernel, stride, padding, dilation, ceilMode: true), new ImageShape(2, size, size), 2, outSize, outSize);
        if (dilation == 1) Layers.AssertShape(Layer.AvgPool(kernel, stride, padding, ceilMode: true), new ImageShape(2, size, size), 2, outSize, outSize);
    }

    /// <summary>Every setting that is planned gives the planned shape, in LibTorch and without values that no pixel has.</summary>
    [TestMethod]
    public void Pool_EverySmallSetting_AgreesWithLibTorch()
    {
        int fits = 0;
        foreach (int size in Enumerable.Range(1, 7))
        foreach (int kernel in Enumerable.Range(1, 4))
        foreach (int stride in Enumerable.Range(1, 4))
        foreach (int padding in Enumerable.Range(0, kernel / 2 + 1))
        foreach (int dilation in Enumerable.Range(1, 3))
        foreach (bool ceil in new[] { false, true })
        {
            var layer = Layer.MaxPool((kernel, 1), (stride, 1), (padding, 0), (dilation, 1), ceil);
            var image = new ImageShape(1, size, 2);
            ActivationShape planned;
            try { planned = new CnnArchitecture(layer, Layer.Flatten(), Layer.Output()).Summarize(image, 2).Layers[0].OutputShape; }
            catch (ArgumentException) { continue; }
            var (shape, values) = Layers.Run(layer, image, [.. Enumerable.Repeat(-1f, (int)image.Size)]);
            CollectionAssert.AreEqual(new[] { 1, 1, planned.Height, planned.Width }, shape, $"{layer} of {size}");
            Assert.IsTrue(values.All(value => value == -1), $"{layer} of {size}");
            fits++;
        }

        Assert.IsGreaterThan(500, fits);
    }

    [TestMethod]
    [DataRow(7, 3)]
    [DataRow(2, 5)]
    [DataRow(4, 1)]
    public void AdaptivePools_AnySize_AgreeWithLibTorch(int size, int output)
    {
        Layers.AssertShape(Layer.AdaptiveAvgPool(output), new ImageShape(2, size, size), 2, output, output);
        Layers.AssertShape(Layer.AdaptiveMaxPool(output), new ImageShape(2, size, size), 2, output, output);
    }

    [TestMethod]
    [DataRow(5, 2, 2, 0, 0, 10)]
    [DataRow(5, 3, 2, 1, 1, 10)]
    [DataRow(7, 4, 3, 2, 2, 20)]
    [DataRow(1, 3, 1, 1, 0, 1)]
    public void ConvTransposed_AnyArithmetic_AgreesWithLibTorch(int size, int kernel, int stride, int padding, int outputPadding, int outSize)
    {
        var layer = Layer.ConvTransposed(3, kernel, stride, padding, outputPadding);
        Layers.AssertShape(layer, new ImageShape(2, size, size), 3, outSize, outSize);
        Assert.AreEqual(2L * size * size * 3 * kernel * kernel, layer.MultiplyAddsFor(ActivationShape.Image(2, size, size)));
    }

    [TestMethod]
    public void ConvTransposed_ThatDoesNotFit_SaysWhy()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Layer.ConvTransposed(1, 2, padding: 2)).Message, "The padding 2 must be less than the kernel 2.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Layer.ConvTransposed(1, 2, stride: 2, outputPadding: 2)).Message, "The output padding 2 must be less than the stride 2.");
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(Layer.ConvTransposed(1, 3, padding: 2), Layer.Flatten(), Layer.Output()).Summarize(new ImageShape(1, 2, 2), 2));
        StringAssert.Contains(error.Message, "the height would be (2 - 1) * 1 - 2 * 2 + 3 + 0 = 0: use less padding");
    }

    [TestMethod]
    public void Upsample_AnyFactor_MultipliesHeightAndWidth()
    {
        Layers.AssertShape(Layer.Upsample(3), new ImageShape(2, 4, 4), 2, 12, 12);
        Layers.AssertShape(Layer.Upsample(2, bilinear: true), new ImageShape(2, 5, 5), 2, 10, 10);
        CollectionAssert.AreEqual(new float[] { 1, 1, 2, 2, 1, 1, 2, 2 }, Layers.Run(Layer.Upsample(2), new ImageShape(1, 1, 2), [1, 2]).Values);
        CollectionAssert.AreEqual(new float[] { 0, 1, 3, 4, 0, 1, 3, 4 }, Layers.Run(Layer.Upsample(2, bilinear: true), new ImageShape(1, 1, 2), [0, 4]).Values);
    }

    [TestMethod]
    public void Concat_BranchAndShortcut_StandSideBySide()
    {
        var (shape, values) = Layers.Run(Layer.Concat([Layer.MaxPool((1, 2)), Layer.Upsample(2), Layer.MaxPool((2, 1))]), new ImageShape(1, 1, 2), [3, 5]);
        CollectionAssert.AreEqual(new long[] { 1, 2, 1, 2 }, shape);
        CollectionAssert.AreEqual(new float[] { 3, 5, 5, 5 }, values, "x first, then the branch");
        var flat = new CnnArchitecture(Layer.Flatten(), Layer.Concat([Layer.Linear(3)]), Layer.Output()).Summarize(new ImageShape(1, 2, 2), 2);
        Assert.AreEqual(ActivationShape.Flat(7), flat.Layers[1].OutputShape);
        Assert.AreEqual("Concat of 1", Layer.Concat([Layer.Relu()]).Description);
        Assert.AreNotEqual(Layer.Concat([Layer.Relu()]), Layer.Concat([Layer.Tanh()]));
        Assert.AreEqual(Layer.Concat([Layer.Relu()], [Layer.Tanh()]), Layer.Concat([Layer.Relu()], [Layer.Tanh()]));
    }

    [TestMethod]
    public void Conv_ImageThatIsNotSquare_KeepsHeightAndWidthApart() =>
        Layers.AssertShape(Layer.Conv(2, 3, stride: 2), new ImageShape(1, 5, 11), 2, 2, 5);

    [TestMethod]
    public void Flatten_Image_GivesItsSize()
    {
        var summary = new CnnArchitecture(Layer.Flatten(), Layer.Output()).Summarize(new ImageShape(3, 5, 7), 2);
        Assert.AreEqual(ActivationShape.Flat(105), summary.Layers[0].OutputShape);
        CollectionAssert.AreEqual(new long[] { 1, 105 }, Layers.Run(Layer.Flatten(), new ImageShape(3, 5, 7), new float[105]).Shape);
    }
}
