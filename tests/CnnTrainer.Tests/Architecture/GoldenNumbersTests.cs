using System.Globalization;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Every number that the lectures and labs print of their networks: worked examples, shapes, parameters, megabytes.</summary>
[TestClass]
public sealed class GoldenNumbersTests
{
    private static readonly ImageShape Digits = new(1, 28, 28), Colours = new(3, 32, 32), Photos = new(3, 224, 224);

    private static readonly float[] BinaryImage = [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0];   // 11100 01110 00111 00110 01100
    private static readonly float[] SignedImage = [0, 0, 1, 2, 2, 1, 2, 2, 1, 2, 0, 2, 0, 2, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1];   // 0 0 1 2 2 / 1 2 2 1 2 / 0 2 0 2 1 / 0 1 1 1 0 / 1 0 0 0 1
    private static readonly float[] PooledImage = [4, 9, 2, 5, 5, 6, 2, 4, 2, 4, 5, 4, 5, 6, 8, 4];                              // 4 9 2 5 / 5 6 2 4 / 2 4 5 4 / 5 6 8 4

    [TestMethod]
    [DataRow(1, new float[] { 4, 3, 4, 2, 4, 3, 2, 3, 4 }, DisplayName = "stride 1: 434 243 234")]
    [DataRow(2, new float[] { 4, 4, 2, 4 }, DisplayName = "stride 2: 44 24")]
    public void Conv_BinaryImageAndFilter101010101_CountsMatches(int stride, float[] expected) =>
        Layers.AssertValues(expected, Layer.Conv(1, 3, stride), Square(5), BinaryImage, [1, 0, 1, 0, 1, 0, 1, 0, 1]);

    [TestMethod]
    [DataRow(1, new[] { -0.1f, -0.2f, -0.1f, 0.1f, 0, 0, 0.3f, -0.3f, 0 }, DisplayName = "stride 1: -.1 -.2 -.1 / .1 0 0 / .3 -.3 0")]
    [DataRow(2, new[] { -0.1f, -0.1f, 0.3f, 0 }, DisplayName = "stride 2: -.1 -.1 / .3 0")]
    public void Conv_SignedImageAndFilter_IsCrossCorrelation(int stride, float[] expected) =>
        Layers.AssertValues(expected, Layer.Conv(1, 3, stride), Square(5), SignedImage, [0, 0.1f, -0.1f, -0.2f, 0, 0.1f, 0, 0, 0.1f]);   // 0 .1 -.1 / -.2 0 .1 / 0 0 .1

    /// <summary>0 1 2 / 3 4 5 / 6 7 8 with 0 1 / 2 3 gives 19 25 / 37 43.</summary>
    [TestMethod]
    public void Conv_NumbersZeroToEight_Gives19And25And37And43() =>
        Layers.AssertValues([19, 25, 37, 43], Layer.Conv(1, 2), Square(3), [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3]);

    /// <summary>1x1x5x5 through Conv 1 to 3, kernel 2, gives 1x3x4x4 with filters 3x1x2x2.</summary>
    [TestMethod]
    public void Conv_ThreeFilters_GiveThreeChannels()
    {
        float[] weights = [1, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1];
        var (shape, values) = Layers.Run(Layer.Conv(3, 2), Square(5), BinaryImage, weights);
        CollectionAssert.AreEqual(new long[] { 1, 3, 4, 4 }, shape);
        using var network = Networks.Build(new CnnArchitecture(Layer.Conv(3, 2), Layer.Flatten(), Layer.Output()), Square(5), outputs: 2);
        CollectionAssert.AreEqual(new long[] { 3, 1, 2, 2 }, network.Weights["0.weight"].shape);
        Assert.AreEqual(BinaryImage[0], values[0]);
        Assert.AreEqual(2 * BinaryImage[6], values[16]);
        Assert.AreEqual(BinaryImage[0] + BinaryImage[1] + BinaryImage[5] + BinaryImage[6], values[32]);
    }

    /// <summary>MaxPool 2 gives 9 5 / 6 8.</summary>
    [TestMethod]
    public void MaxPool_TwoByTwo_Gives9And5And6And8() => Layers.AssertValues([9, 5, 6, 8], Layer.MaxPool(2), Square(4), PooledImage);

    /// <summary>AvgPool 2 gives 6.0 3.25 / 4.25 5.25, printed as 6.0 3.3 4.3 5.3.</summary>
    [EachCulture]
    public void AvgPool_TwoByTwo_GivesTheMeansAndPrintsThemRounded()
    {
        Layers.AssertValues([6.0f, 3.25f, 4.25f, 5.25f], Layer.AvgPool(2), Square(4), PooledImage);
        var (_, values) = Layers.Run(Layer.AvgPool(2), Square(4), PooledImage);
        Assert.AreEqual("6.0 3.3 4.3 5.3", string.Join(' ', values.Select(value => Math.Round(value, 1, MidpointRounding.AwayFromZero).ToString("F1", CultureInfo.InvariantCulture))));
    }

    /// <summary>In the summary and in what LibTorch does.</summary>
    [TestMethod]
    [DataRow(3, 32, 1, 5, 1, 0, 28, DisplayName = "(32,32,3) with 1 kernel 5x5x3: (28,28,1)")]
    [DataRow(3, 32, 4, 5, 1, 0, 28, DisplayName = "(32,32,3) with 4 kernels 5x5x3: (28,28,4)")]
    [DataRow(4, 11, 2, 5, 2, 0, 4, DisplayName = "11x11x4 through 2 filters 5x5x4, stride 2: 4x4x2")]
    [DataRow(3, 227, 96, 11, 4, 0, 55, DisplayName = "AlexNet's first layer, 227x227x3, 96 filters 11x11, stride 4, padding 0: 55x55x96")]
    [DataRow(3, 32, 4, 3, 1, 1, 32, DisplayName = "zero padding 1 keeps the size for kernel 3")]
    [DataRow(3, 7, 4, 3, 1, 1, 7, DisplayName = "zero padding 1 keeps the size for kernel 3, an odd one too")]
    [DataRow(3, 32, 4, 5, 1, 2, 32, DisplayName = "zero padding 2 keeps the size for kernel 5")]
    [DataRow(3, 7, 4, 5, 1, 2, 7, DisplayName = "zero padding 2 keeps the size for kernel 5, an odd one too")]
    public void Conv_LecturesShapes_AreTheirs(int channels, int size, int filters, int kernel, int stride, int padding, int outSize) =>
        Layers.AssertShape(Layer.Conv(filters, kernel, stride, padding), new ImageShape(channels, size, size), filters, outSize, outSize);

    /// <summary>
    /// S1: 784 columns as 1 x 28 x 28; Conv 1 to 16, kernel 5, padding 2; MaxPool 2; Conv 16 to 32; MaxPool 2; Flatten 1568; Linear 10. 28,938 parameters.
    /// </summary>
    [TestMethod]
    public void S1_DigitsLab_Has28938Parameters()
    {
        Assert.AreEqual(784, Digits.Size);
        AssertNetwork(CnnArchitecture.Simple, Digits, 10, 28_938, "[16, 28, 28] [16, 14, 14] [32, 14, 14] [32, 7, 7] [1568] [10]");
    }

    /// <summary>S3: Conv 1 to 10, kernel 5; MaxPool 2; Conv 10 to 20, kernel 5; MaxPool 2; Flatten 320; Linear 10. 8,490 parameters.</summary>
    [TestMethod]
    public void S3_LectureNetwork_Has8490Parameters() =>
        AssertNetwork(CnnArchitecture.SimpleUnpadded, Digits, 10, 8_490, "[10, 24, 24] [10, 12, 12] [20, 8, 8] [20, 4, 4] [320] [10]");

    /// <summary>S5: 29,034 parameters for MNIST, Linear from 7*7*32; 34,634 for CIFAR-10, Linear from 8*8*32.</summary>
    [TestMethod]
    public void S5_BatchNormalised_Has29034Or34634Parameters()
    {
        AssertNetwork(CnnArchitecture.SimpleBatchNorm, Digits, 10, 29_034, $"[16, 28, 28] [16, 28, 28] [16, 14, 14] [32, 14, 14] [32, 14, 14] [32, 7, 7] [{7 * 7 * 32}] [10]");
        AssertNetwork(CnnArchitecture.SimpleBatchNorm, Colours, 10, 34_634, $"[16, 32, 32] [16, 32, 32] [16, 16, 16] [32, 16, 16] [32, 16, 16] [32, 8, 8] [{8 * 8 * 32}] [10]");
    }

    /// <summary>S4's table: 1,600 / 100,416 / 401,536 / 1,605,888 / 524,416 / 1,290, 2,635,146 in all, 10.05 MB, forward and backward pass 0.78 MB.</summary>
    [EachCulture]
    public void S4_ConvolutionsOnly_IsTheLecturesTable()
    {
        AssertNetwork(CnnArchitecture.ConvolutionsOnly, Digits, 10, 2_635_146, "[32, 22, 22] [64, 16, 16] [128, 10, 10] [256, 4, 4] [4096] [128] [10]");
        var summary = CnnArchitecture.ConvolutionsOnly.Summarize(Digits, 10);
        CollectionAssert.AreEqual(
            new long[] { 1_600, 100_416, 401_536, 1_605_888, 524_416, 1_290 }, summary.Layers.Select(layer => layer.Parameters).Where(count => count > 0).ToArray());
        var lines = summary.ToString().Split(Environment.NewLine);
        CollectionAssert.AreEqual(
            new[] { "Input size (MB):                  0.00", "Forward/backward pass size (MB):  0.78", "Parameters size (MB):             10.05", "Estimated total size (MB):        10.83" }, lines[^4..]);
        Assert.AreEqual(10.05, summary.ParametersMegabytes, 0.005);
        Assert.AreEqual(0.78, summary.ForwardBackwardMegabytes, 0.005);
        Assert.AreEqual(summary.InputMegabytes + summary.ParametersMegabytes + summary.ForwardBackwardMegabytes, summary.TotalMegabytes, 1e-12);
    }

    /// <summary>S4 for CIFAR-10: 3 input channels, 8*8*256 before the first Linear.</summary>
    [TestMethod]
    public void S4_ConvolutionsOnlyOnColours_Flattens8Times8Times256() => AssertNetwork(
        CnnArchitecture.ConvolutionsOnly, Colours, 10, 2_635_146 + 2 * 49 * 32 + (8 * 8 - 4 * 4) * 256 * 128,
        $"[32, 26, 26] [64, 20, 20] [128, 14, 14] [256, 8, 8] [{8 * 8 * 256}] [128] [10]");

    /// <summary>S4's MLPs: sigmoid with Xavier uniform weights and zero biases, ReLU with He uniform weights.</summary>
    [TestMethod]
    [DataRow(true, false, 784, 256, 10)]          // 784-256-10
    [DataRow(false, false, 784, 256, 10)]
    [DataRow(false, false, 784, 256, 256, 10)]    // 784-256-256-10
    [DataRow(false, true, 3072, 256, 10)]         // 3072-256-10
    [DataRow(false, true, 3072, 256, 256, 10)]
    [DataRow(false, true, 3072, 256, 256, 256, 10)]
    public void S4_Mlp_HasItsSizesAndFirstWeights(bool sigmoid, bool colours, params int[] sizes)
    {
        int[] hidden = sizes[1..^1];
        var mlp = sigmoid
            ? CnnArchitecture.Mlp(hidden, Layer.Sigmoid()).Initialized(Initializer.XavierUniform(), Initializer.Zeros())
            : CnnArchitecture.Mlp(hidden).Initialized(Initializer.HeUniform());
        AssertNetwork(mlp, colours ? Colours : Digits, 10, sizes.Zip(sizes.Skip(1), (from, to) => (long)(from + 1) * to).Sum(), string.Join(' ', sizes.Select(size => $"[{size}]")));
        using var scope = NewDisposeScope();
        using var network = Networks.Build(mlp, colours ? Colours : Digits, outputs: 10);
        for (int i = 0; i < sizes.Length - 1; i++)
        {
            double bound = Math.Sqrt(6.0 / (sigmoid ? sizes[i] + sizes[i + 1] : sizes[i]));   // Glorot and Bengio 2010; He et al. 2015
            double most = network.Weights[$"{2 * i + 1}.weight"].data<float>().Max(Math.Abs);
            Assert.IsTrue(most <= bound * 1.000001 && most > 0.99 * bound, $"layer {i}: {most} of {bound}");
            if (sigmoid) Assert.IsTrue(network.Weights[$"{2 * i + 1}.bias"].data<float>().All(value => value == 0));
        }
    }

    /// <summary>S3: 13 convolutions of 3x3 with padding 1, five MaxPools, 25088 to 4096 to 4096 to 1000 with dropout 0.5: 138,357,544 parameters.</summary>
    [TestMethod]
    public void Vgg16_Photos_IsPrintedLayerByLayer()
    {
        AssertNetwork(
            CnnArchitecture.Vgg16, Photos, 1000, 138_357_544,
            "[64, 224, 224] [64, 224, 224] [64, 112, 112] [128, 112, 112] [128, 112, 112] [128, 56, 56] [256, 56, 56] [256, 56, 56] [256, 56, 56] [256, 28, 28] " +
            "[512, 28, 28] [512, 28, 28] [512, 28, 28] [512, 14, 14] [512, 14, 14] [512, 14, 14] [512, 14, 14] [512, 7, 7] [512, 7, 7] [25088] [4096] [4096] [1000]");
        var summary = CnnArchitecture.Vgg16.Summarize(Photos, 1000);
        Assert.HasCount(13, summary.Layers.Where(row => row.Layer is ConvLayer { Kernel: { Height: 3, Width: 3 }, Padding.Size: { Height: 1, Width: 1 } }));
        Assert.HasCount(5, summary.Layers.Where(row => row.Layer is MaxPoolLayer));
        Assert.HasCount(2, summary.Layers.Where(row => row.Layer is DropoutLayer { Probability: 0.5 }));
        CollectionAssert.AreEqual(
            new[] { "classifier.0 [25088] 102764544", "classifier.3 [4096] 16781312", "classifier.6 [4096] 4097000" },
            summary.Layers.Where(row => row.InputShape is { IsImage: false } && row.Parameters > 0).Select(row => $"{row.Path} {row.InputShape} {row.Parameters}").ToArray());
        Assert.AreEqual(15_470_264_320, summary.MultiplyAdds);
        Assert.AreEqual("Parameters:                       138,357,544", summary.ToString().Split(Environment.NewLine)[4 + summary.Layers.Count], "a line each, after the titles, two rules and the image");
    }

    /// <summary>227x227x3 to 55x55x96, 27, 27, 13, 13, 13, 13, 6, then 9216, 4096, 4096, 1000: in the summary and in the network itself.</summary>
    [TestMethod]
    public void AlexNet_PaperImages_HasThePapersShapesInEveryLayer()
    {
        const string Shapes =
            "[96, 55, 55] [96, 27, 27] [256, 27, 27] [256, 13, 13] [384, 13, 13] [384, 13, 13] [256, 13, 13] [256, 6, 6] [9216] [4096] [4096] [1000]";
        var image = new ImageShape(3, 227, 227);
        AssertNetwork(CnnArchitecture.AlexNet, image, 1000, 60_965_224, Shapes);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Build(CnnArchitecture.AlexNet, image, outputs: 1000);
        var paths = Sized(CnnArchitecture.AlexNet.Summarize(image, 1000)).Select(row => row.Path).ToList();
        var notes = network.Forward(zeros([1, 3, 227, 227]), paths, ends: false).Notes;
        Assert.AreEqual(Shapes, string.Join(' ', paths.Select(path => $"[{string.Join(", ", notes[path].shape.Skip(1))}]")));
    }

    /// <summary>Input -> [[Conv -> ReLU] * N -> Pool?] * M -> [FC -> ReLU] * K -> FC.</summary>
    [TestMethod]
    public void Pattern_NamedExamples_AreWhatTheLectureSays()
    {
        Assert.AreEqual("Flatten|Output", Text(CnnArchitecture.Pattern([])), "linear classifier: no hidden layer, M = 0, K = 0");
        Assert.AreEqual(
            "Conv 16, kernel 3, padding same|ReLU|MaxPool 2|Conv 32, kernel 3, padding same|ReLU|MaxPool 2|Flatten|Linear 128|ReLU|Output",
            Text(CnnArchitecture.Pattern([16, 32], hidden: [128])), "simple CNN: N = 1, M = 2, K = 1");
        var large = CnnArchitecture.Pattern([8, 16], hidden: [32], convolutions: 2, kernel: 5);
        Assert.AreEqual(
            "Conv 8, kernel 5, padding same|ReLU|Conv 8, kernel 5, padding same|ReLU|MaxPool 2|Conv 16, kernel 5, padding same|ReLU|Conv 16, kernel 5, padding same|ReLU|MaxPool 2|" +
            "Flatten|Linear 32|ReLU|Output", Text(large), "large images: N = 2");
        Assert.AreEqual(ActivationShape.Image(16, 7, 7), large.Summarize(Digits, 10).Layers[9].OutputShape);
        Assert.AreEqual("Conv 4, kernel 3, padding same|ReLU|Flatten|Output", Text(CnnArchitecture.Pattern([4], pool: false)), "Pool?");
    }

    private static string Text(CnnArchitecture architecture) => string.Join('|', architecture.Layers.Select(layer => layer.Description));

    private static ImageShape Square(int size) => new(1, size, size);

    /// <summary>Parameters in all, and the shapes of the layers that the documents print: all but activations, dropout and sequences.</summary>
    private static void AssertNetwork(CnnArchitecture architecture, ImageShape image, int outputs, long parameters, string shapes)
    {
        var summary = architecture.Summarize(image, outputs);
        Assert.AreEqual(parameters, summary.Parameters);
        Assert.AreEqual(shapes, string.Join(' ', Sized(summary).Select(row => row.OutputShape)));
    }

    private static IEnumerable<LayerSummary> Sized(ArchitectureSummary summary) =>
        summary.Layers.Where(row => row.Layer is not (ActivationLayer or DropoutLayer or SequenceLayer));
}
