using TorchSharp;

namespace CnnMlNet.Tests.Architecture;

/// <summary>What is too large, or cannot matter, ends in a message before anything is allocated or any native code computes with it.</summary>
[TestClass]
public sealed class LimitsTests
{
    private const long AllowedBytes = 64 << 20;

    private static readonly ImageShape Small = new(1, 8, 8);

    public static IEnumerable<object[]> TooMuch =>
    [
        [Layer.Conv(64, 1, stride: int.MaxValue), "a stride of 2147483647 is more than the height of 8"],
        [Layer.Conv(4, 3, stride: (1, 11), padding: 1), "a stride of 11 is more than the width of 10"],
        [Layer.MaxPool(2, stride: 9), "a stride of 9 is more than the height of 8"],
        [Layer.AvgPool(2, stride: int.MaxValue), "a stride of 2147483647"],
        [Layer.Conv(4, 3, padding: int.MaxValue), "with its padding the input would have"],
        [Layer.Conv(4, 3, padding: 9), "the padding 9 is larger than both"],
        [Layer.Conv(1, (1 << 27, 1), padding: Padding.Same), "with its padding the input would have 1,073,741,880 values"],
        [Layer.Conv(1, (int.MaxValue, 1), padding: (int.MaxValue, 0)), "with its padding the input would have"],
        [Layer.Conv(4, 1, dilation: 2), "a dilation of 2 has no effect on a kernel of 1"],
        [Layer.Conv(4, (3, 1), padding: (2, 0), dilation: 2), "a dilation of 2 has no effect on a kernel of 1"],
        [Layer.Conv(4, 3, padding: 8, dilation: 8), "a dilation of 8 is not less than the input's height 8"],
        [Layer.Conv(4, 3, padding: Padding.Same, dilation: int.MaxValue), "a dilation of 2147483647"],
        [Layer.Conv(4, 3, padding: int.MaxValue, dilation: int.MaxValue), "a dilation of 2147483647"],
        [Layer.Conv(int.MaxValue, 1), "its output [2147483647, 8, 8] has 137,438,953,408 values for one image; at most 268,435,456 are possible"],
        [Layer.MaxPool(int.MaxValue), "use a kernel of at most 8"],
        [Layer.MaxPool(int.MaxValue, padding: int.MaxValue / 2), "with its padding the input would have"],
        [Layer.MaxPool(int.MaxValue, ceilMode: true), "the height would be ceil((8 - 2147483647 + 2 * 0) / 2147483647) + 1, but"],
        [Layer.MaxPool(int.MaxValue, dilation: 7, ceilMode: true), "use a kernel of at most 2"],
        [Layer.MaxPool(2, stride: int.MaxValue, ceilMode: true), "a stride of 2147483647 is more than the height of 8"],
        [Layer.AvgPool(10, stride: 2, ceilMode: true), "the height would be ceil((8 - 10 + 2 * 0) / 2) + 1, but 8 - 10 + 2 * 0 = -2 is negative"],
        [Layer.MaxPool(2, dilation: 8), "a dilation of 8 is not less than the input's height 8"],
        [Layer.AdaptiveAvgPool(1 << 15), "has 1,073,741,824 values for one image"],
        [Layer.AdaptiveMaxPool(int.MaxValue), "values for one image; at most 268,435,456 are possible"],
        [Layer.DepthwiseConv(3, padding: 9), "the padding 9 is larger than both"],
        [Layer.DepthwiseSeparableConv(int.MaxValue, 3, padding: 1), "Layer '0.pointwise' (Conv 2147483647, kernel 1) does not fit its input [1, 8, 8]: its output"],
        [Layer.GroupNorm(int.MaxValue), "its 2147483647 groups do not divide the 1 channels of the input: use 1"],
        [Layer.Sequence(Layer.Conv(12, 3), Layer.GroupNorm(5)), "its 5 groups do not divide the 12 channels of the input: use 4 or 6"],
        [Layer.Sequence(Layer.GlobalAvgPool(), Layer.GroupNorm(1)), "each group would have one value"],
        [Layer.Sequence(Layer.Flatten(), Layer.Dropout2d()), "it needs an image [C, H, W]"],
        [Layer.Sequence(Layer.Flatten(), Layer.GlobalMaxPool()), "it needs an image [C, H, W]"],
        [Layer.Sequence(Layer.Flatten(), Layer.DepthwiseConv(1)), "it needs an image [C, H, W]"],
    ];

    [TestMethod]
    [DynamicData(nameof(TooMuch))]
    public void Summarize_SizeThatIsTooMuchOrCannotMatter_IsRefused(Layer layer, string message)
    {
        var architecture = new CnnArchitecture(layer, Layer.Flatten(), Layer.Output());
        long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => architecture.Summarize(Small, 3)).Message, message);
        AssertCheap(before, resident);
    }

    [TestMethod]
    public void Fit_SizeThatIsTooMuch_IsRefusedBeforeAnyRowIsRead()
    {
        var ml = Some.Context();
        foreach (var row in TooMuch)
        {
            var trainer = new CnnTrainer(ml, Some.Options with { Architecture = new CnnArchitecture((Layer)row[0], Layer.Flatten(), Layer.Output()) });
            long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Some.Keyed(ml))).Message, (string)row[1]);
            AssertCheap(before, resident);
        }
    }

    [TestMethod]
    public void Summarize_TooManyWeights_SaysHowMany()
    {
        AssertRefused("its weights", "Layer 2 (Linear 134217728)", "it would have 8,724,152,320 weights; at most 2,147,483,648", Layer.Flatten(), Layer.Linear(1 << 27), Layer.Output());
        var half = Layer.Linear(1 << 24);   // 2^30 weights each
        AssertRefused("all", "The architecture has ", "weights; at most 2,147,483,648 are possible.", Layer.Flatten(), half, Layer.Linear(64), half, Layer.Linear(64), Layer.Output());
    }

    [TestMethod]
    public void Summarize_LargeButPossible_HasItsNumbers()
    {
        var summary = new CnnArchitecture(Layer.Conv(1 << 22, 8), Layer.Flatten(), Layer.Output()).Summarize(Small, 3);
        Assert.AreEqual((1L << 28) + (1 << 22) + 3 * (1L << 22) + 3, summary.Parameters);
        Assert.AreEqual((1L << 28) + 3 * (1L << 22), summary.MultiplyAdds);
    }

    [TestMethod]
    public void Size_ProductBeyond64Bits_DoesNotWrap()
    {
        Assert.ThrowsExactly<OverflowException>(() => new ImageShape(int.MaxValue, int.MaxValue, int.MaxValue).Size);
        Assert.ThrowsExactly<OverflowException>(() => new ImageShape(8, 1073807362, 2147352580).Size);
        Assert.ThrowsExactly<OverflowException>(() => ActivationShape.Image(8, 1073807362, 2147352580).Size);
        Assert.ThrowsExactly<ArgumentException>(() => Some.Network.Summarize(new ImageShape(8, 1073807362, 2147352580), 3));
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), Some.Options with { ImageShape = new ImageShape(8, 1073807362, 2147352580) }));
    }

    [TestMethod]
    public void Constructor_MoreThanTenThousandLayers_Throws()
    {
        var relu = Layer.Relu();
        _ = new CnnArchitecture([.. Enumerable.Repeat(relu, 9_998), Layer.Flatten(), Layer.Output()]);
        AssertWrong("can have at most 10000 layers", () => new CnnArchitecture([.. Enumerable.Repeat(relu, 9_999), Layer.Flatten(), Layer.Output()]));
        AssertWrong("can have at most 10000 layers", () => new CnnArchitecture([.. Enumerable.Repeat(Layer.Sequence(relu, relu), 3_333), Layer.Flatten(), Layer.Output()]));
        AssertWrong("can have at most 10000 layers", () => Layer.Repeat(10_000, relu));
        AssertWrong("can have at most 10000 layers", () => CnnArchitecture.Pattern([1, 1], convolutions: 10_000));
        var shared = Layer.Sequence([.. Enumerable.Repeat(relu, 9_000)]);
        AssertWrong("can have at most 10000 layers", () => Layer.Sequence([.. Enumerable.Repeat(shared, 9_000)]));
    }

    [TestMethod]
    public void Constructor_LayersWithinLayers_AreAtMostSixteenLevels()
    {
        AssertWrong("more than 16 levels", () => Nested(17, inner => Layer.Sequence(inner)));
        AssertWrong("more than 16 levels", () => Nested(17, inner => Layer.Residual([inner])));
        AssertWrong("more than 16 levels", () => new CnnArchitecture(Nested(16, inner => Layer.Sequence(inner)), Layer.Flatten(), Layer.Output()));

        // Records can be made without their methods, so the constructor is what guards the stack.
        AssertWrong("more than 16 levels", () => new CnnArchitecture(Nested(100_000, inner => new SequenceLayer { Layers = [inner] }), Layer.Flatten(), Layer.Output()));
        AssertWrong("more than 16 levels", () => Nested(100_000, inner => new ResidualLayer { Branch = [inner] }).Named("deep"));
    }

    [TestMethod]
    public void Save_DeepestAndLongestArchitecture_IsLoadedAgain()
    {
        var name = new string('n', 64);
        var deep = Nested(15, inner => Layer.Residual([inner.Named(name)]), Layer.Conv(1, 3, padding: (1, 1), stride: (1, 1), dilation: (1, 1))).Named(name);
        using var model = Some.Trained(Some.Context(), Some.Options with
        {
            Epochs = 1,
            Architecture = new CnnArchitecture([deep, .. Enumerable.Repeat(Layer.Relu(), 9_000), Layer.Flatten(), Layer.Output()]),
        });
        using var loaded = Persistence.ModelStream.Read(Persistence.ModelStream.Write(model));
        CollectionAssert.AreEqual(model.Model.Architecture.Layers.ToArray(), loaded.Model.Architecture.Layers.ToArray());
        Assert.ThrowsExactly<ArgumentException>(() => Layer.Relu().Named(name + "n"));
    }

    [TestMethod]
    public void Score_ManyLayers_HoldsTwoOfThemAtATime()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var block = Layer.Residual([Layer.Relu(), Layer.Sequence(Layer.Tanh())], shortcut: [Layer.Sigmoid()]);
        using var network = Networks.Build(new CnnArchitecture([.. Enumerable.Repeat(block, 100), Layer.Flatten(), Layer.Output()]), Small, 3);
        network.eval();
        var image = torch.zeros([1, 1, 8, 8]);
        long before = torch.Tensor.TotalCount;
        network.call(image);
        Assert.AreEqual(before + 1, torch.Tensor.TotalCount, "only the logits are left");
        network.Forward(image, until: "98.branch.1.0");
        Assert.IsGreaterThanOrEqualTo(0, image.sum().item<float>(), "the input belongs to the caller");
    }

    private static Layer Nested(int levels, Func<Layer, Layer> wrap, Layer? inner = null)
    {
        var layer = inner ?? Layer.Relu();
        for (int level = 0; level < levels; level++) layer = wrap(layer);
        return layer;
    }

    private static void AssertRefused(string what, string start, string part, params Layer[] layers)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        var message = Assert.ThrowsExactly<ArgumentException>(() => new CnnArchitecture(layers).Summarize(Small, 3), what).Message;
        StringAssert.StartsWith(message, start);
        StringAssert.Contains(message, part);
        AssertCheap(before, resident);
    }

    private static void AssertWrong(string part, Func<object> make) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(make).Message, part);

    private static void AssertCheap(long allocated, long resident)
    {
        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.IsLessThan(2 * AllowedBytes, Environment.WorkingSet - resident);
    }
}
