using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>ml.Data.DrawImages and Pictures.Filters.</summary>
[TestClass]
public sealed class DrawImagesTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed class ByteRow
    {
        [VectorType(3, 1, 2)]
        public byte[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Truth { get; set; }

        public int Count { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [0, 0];
    }

    [EachCulture]
    public void DrawImages_PredictedAndTrueLabel_AreRedWhereTheyDiffer()
    {
        var rows = Some.Rows(6).ToList();
        rows[4].Label = "c2";   // it shows c1
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 10 }).Fit(Some.Keyed(_ml));
        var scored = model.Transform(Some.WithKeys(_ml, Some.View(_ml, rows)));

        var picture = _ml.Data.DrawImages(scored, rows: 2, columns: 3, "Features", "PredictedLabel", "Label");

        CollectionAssert.AreEqual(new[] { "c0:c0", "c1:c1", "c2:c2", "c0:c0", "c1:c2", "c2:c2" }, picture.Texts());
        Assert.AreEqual("c1:c2", picture.Marks("text").Single(text => text.Attribute("fill") is not null).Value);
        Assert.HasCount(6, picture.Images());
    }

    [EachCulture]
    public void DrawImages_NumbersBooleansMissingKeys_AreCaptions()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new ByteRow { Features = [0, 50, 100, 150, 200, 250], Number = 12.34567f, Truth = true, Count = -3 } });
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Count").Fit(view).Transform(view);
        var missing = _ml.Data.LoadFromEnumerable(new[] { new ByteRow { Features = [9, 9, 9, 9, 9, 9], Count = 4 } });
        var unknown = _ml.Transforms.Conversion.MapValueToKey("Key", "Count").Fit(view).Transform(missing);

        var picture = _ml.Data.DrawImages(keyed, 3, 3, "Features", "Number", "Truth", "Count", "Key");

        Assert.AreEqual("12.3457:True:-3:-3", picture.Texts().Single());
        Assert.AreEqual("?", _ml.Data.DrawImages(unknown, 1, 1, "Features", "Key").Texts().Single());
        var image = picture.Images().Single();
        CollectionAssert.AreEqual(new byte[] { 0, 100, 200 }, image.Pixels[..3]);
        CollectionAssert.AreEqual(new byte[] { 50, 150, 250 }, image.Pixels[^3..]);
    }

    [TestMethod]
    public void DrawImages_Values_DecideTheRange()
    {
        CollectionAssert.AreEqual(new byte[] { 0, 100 }, Extremes(0, 100), "pixels");
        CollectionAssert.AreEqual(new byte[] { 0, 128 }, Extremes(0, 0.5f), "shares");
        CollectionAssert.AreEqual(new byte[] { 0, 255 }, Extremes(-2, 3), "scaled");
        CollectionAssert.AreEqual(new byte[] { 0, 255 }, Extremes(0.25f, 1.25f), "neither");
        CollectionAssert.AreEqual(new byte[] { 0, 255 }, Extremes(0, 1000), "sixteen bits");

        byte[] Extremes(float low, float high)
        {
            var rows = Some.Rows(2).ToList();
            foreach (var row in rows) row.Features = [.. row.Features.Select((_, i) => i % 2 == 0 ? low : high)];
            return [.. _ml.Data.DrawImages(Some.View(_ml, rows), 1, 2).Images().SelectMany(image => image.Pixels).Distinct().Order()];
        }
    }

    [TestMethod]
    public void DrawImages_FewerRows_AreAllThatIsDrawn()
    {
        var picture = _ml.Data.DrawImages(Some.Images(_ml, rows: 4), rows: 10, columns: 3);

        Assert.HasCount(4, picture.Images());
        Assert.IsEmpty(picture.Texts());
        picture.AssertWithin();
    }

    [TestMethod]
    public void DrawImages_WrongInput_SaysWhat()
    {
        var images = Some.Images(_ml);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawImages(images, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawImages(images, 1, 0));
        Is("Could not find the feature column 'Pixels'.", () => _ml.Data.DrawImages(images, 1, 1, "Pixels"));
        Is("Could not find the caption column 'Truth'.", () => _ml.Data.DrawImages(images, 1, 1, "Features", "Truth"));
        Is("The caption column 'Features' is Vector<Single, 1, 8, 8>; text, a key, a Boolean or a number is needed.", () => _ml.Data.DrawImages(images, 1, 1, "Features", "Features"));
        var two = new ImageShape(2, 4, 4);
        Is("The feature column 'Features' has images of 2 x 4 x 4", () => _ml.Data.DrawImages(Some.Images(_ml, shape: two), 1, 1));
        Is("The feature column 'Score' is a plain vector of 2 values", () => _ml.Data.DrawImages(_ml.Data.LoadFromEnumerable<ByteRow>([new()]), 1, 1, "Score"));
        var empty = Some.View<ImageRow>(_ml, []);
        Assert.AreEqual("There are no rows to draw.", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.DrawImages(empty, 1, 1)).Message);

        static void Is(string message, Action action) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).Message, message);
    }

    [TestMethod]
    public void Filters_OfGreyImages_AreATileEach()
    {
        using var model = Some.Trained(_ml);

        var picture = Pictures.Filters(model.Model);

        CollectionAssert.AreEqual(new[] { "Layer 0: 4 filters of 3 x 3 over 1 channel", "0", "1", "2", "3" }, picture.Texts());
        var weights = model.Model.GetWeights("0.weight").Values.Take(9).ToList();
        var first = picture.Images()[0];
        int scale = first.Width / 3;
        var corners = Enumerable.Range(0, 9).Select(i => first.Pixels[i / 3 * scale * first.Width + i % 3 * scale]).ToList();
        for (int i = 0; i < 9; i++) Assert.AreEqual(255 * (weights[i] - weights.Min()) / (weights.Max() - weights.Min()), corners[i], 0.51);
    }

    [TestMethod]
    public void Filters_OfColourAndInnerLayers_AreColouredOrARowEach()
    {
        var architecture = new CnnArchitecture(Layer.Conv(17, kernel: 3), Layer.Conv(18, kernel: 1), Layer.Sequence(Layer.Conv(2, kernel: 2)).Named("last"), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = architecture, Epochs = 1 }).Fit(Some.Keyed(_ml, rows: 6, shape: new(3, 6, 6)));

        var first = Pictures.Filters(model.Model);
        Assert.AreEqual("Layer 0: 17 filters of 3 x 3 over 3 channels", first.Texts()[0]);
        Assert.HasCount(17, first.Images().Where(image => image.Channels == 3).ToList());

        var second = Pictures.Filters(model.Model, layer: "1");
        CollectionAssert.IsSubsetOf(new[] { "Layer 1: 16 of 18 filters of 1 x 1 over 16 of 17 channels", "15:15" }, second.Texts());
        Assert.HasCount(256, second.Images());
        Assert.IsGreaterThan(10, second.Images().Select(image => image.Pixels[0]).Distinct().Count(), "in shades of the whole layer");

        var error = Assert.ThrowsExactly<ArgumentException>(() => Pictures.Filters(model.Model, "4"));
        StringAssert.Contains(error.Message, "The network has no convolution with the path '4'. There are: 0, 1, last");
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Pictures.Filters(model.Model));
    }

    [TestMethod]
    public void Filters_NetworkWithoutConvolution_SaysSo()
    {
        using var model = Some.Trained(_ml, Some.Options with { Architecture = CnnArchitecture.Mlp([4]), Epochs = 1 });

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => Pictures.Filters(model.Model)).Message, "The network has no convolution, so it has no filters to draw.");
    }
}
