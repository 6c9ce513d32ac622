using System.Globalization;
using CnnMlNet.Tests.ClassReports;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>ml.Data.DrawPredictions, DrawGradCam, DrawFeatureMaps and DrawClassBalance.</summary>
[TestClass]
public sealed class DrawResultsTests
{
    private static readonly string[] Names = ["a", "<b>"];
    private readonly MLContext _ml = Some.Context();

    private sealed class ScoredImage
    {
        [VectorType(1, 1, 2)]
        public byte[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public string PredictedLabel { get; set; } = "";

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class TwoClassImage
    {
        [VectorType(1, 1, 2)]
        public byte[] Features { get; set; } = [9, 9];

        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }

    [EachCulture]
    public void DrawPredictions_Mistakes_AreTheSurestFirst()
    {
        var scored = View((0, 0.6f), (1, 0.7f), (1, 0.9f), (0, 0.8f), (1, 0.55f), (0, 0.4f));

        var picture = _ml.Data.DrawPredictions(scored, PredictionChoice.SurestMistakes, rows: 1, columns: 3);

        CollectionAssert.AreEqual(new[] { "a:<b> 0.900", "a:<b> 0.700", "<b>:a 0.600" }, picture.Texts().Skip(1).ToArray());
        CollectionAssert.AreEqual(new[] { 2, 1, 5 }, picture.Images().Select(image => (int)image.Pixels[0]).ToArray(), "the rows' images");
        Assert.IsTrue(picture.Marks("text").Skip(1).All(text => text.Attribute("fill") is not null), "red");
    }

    [TestMethod]
    public void DrawPredictions_Hits_AreTheLeastSureFirst()
    {
        var picture = _ml.Data.DrawPredictions(View((0, 0.6f), (1, 0.7f), (0, 0.9f), (0, 0.55f)), PredictionChoice.LeastSureHits, rows: 2, columns: 5);

        CollectionAssert.AreEqual(new[] { "a:a 0.550", "a:a 0.600", "a:a 0.900" }, picture.Texts().Skip(1).ToArray());
        Assert.IsTrue(picture.Marks("text").All(text => text.Attribute("fill") is null));
    }

    [TestMethod]
    public void DrawPredictions_TwoClasses_ReadTheProbability()
    {
        TwoClassImage[] rows = [new() { Label = true, PredictedLabel = false, Probability = 0.1f }, new() { Label = true, PredictedLabel = true, Probability = 0.8f }];

        var picture = _ml.Data.DrawPredictions(_ml.Data.LoadFromEnumerable(rows), PredictionChoice.SurestMistakes, 1, 1);

        Assert.AreEqual("False:True 0.900", picture.Texts()[1]);
    }

    [TestMethod]
    public void DrawPredictions_None_SaysSo()
    {
        var scored = View((0, 0.6f), (0, 0.7f));

        Assert.AreEqual("There are no mistakes to draw among 2 rows.", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Data.DrawPredictions(scored, PredictionChoice.SurestMistakes, 1, 1)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawPredictions(scored, (PredictionChoice)7, 1, 1));
    }

    [TestMethod]
    public void DrawGradCam_Maps_StandBesideTheirImages()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam()] });
        var scored = model.Transform(Some.Keyed(_ml));

        var picture = _ml.Data.DrawGradCam(scored, rows: 2, columns: 3, captionColumnNames: ["PredictedLabel", "Label"]);

        Assert.HasCount(12, picture.Images());
        var heat = scored.GetColumn<float[]>("GradCam").First();
        var (image, width, channels) = picture.Images()[1];
        int scale = width / 8, hottest = Array.IndexOf(heat, heat.Max());
        Assert.AreEqual(3, channels);
        if (heat.Max() > 0) Assert.IsGreaterThan(140, image[3 * (hottest / 8 * scale * width + hottest % 8 * scale)], "0.6 of yellow's red");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawGradCam(scored, 1, 1, heatColumnName: "Score")).Message, "not [height, width]");
    }

    [TestMethod]
    public void OfHeat_ColdAndHot_AreDarkAndYellow()
    {
        var picture = Pictures.Images([PictureTile.OfHeat([0, 0], new ImageShape(1, 1, 2), [0, 1])], columns: 1, scale: 1);

        CollectionAssert.AreEqual(new byte[] { 0, 0, 2, 151, 153, 98 }, picture.Images().Single().Pixels);
        Assert.ThrowsExactly<ArgumentException>(() => PictureTile.OfHeat([0, 0], new ImageShape(1, 1, 2), [0]));
        Assert.ThrowsExactly<ArgumentException>(() => PictureTile.OfHeat([0, 0], new ImageShape(1, 1, 2), [0, float.NaN]));
    }

    [TestMethod]
    public void DrawFeatureMaps_OfALayer_AreItsChannels()
    {
        using var model = Some.Trained(_ml);
        var data = Some.Images(_ml);
        var expected = new List<float>();
        using (var asked = model.With([ExtraColumn.Embedding("Maps", "0")])) expected.AddRange(asked.Transform(data).GetColumn<float[]>("Maps").ElementAt(3));

        var picture = _ml.Data.DrawFeatureMaps(model, data, "0", row: 3);

        StringAssert.StartsWith(picture.Texts()[0], "Layer 0, row 3: ");
        var images = picture.Images();
        int size = expected.Count / images.Count;
        var first = expected.Take(size).ToList();
        var (pixels, width, _) = images[0];
        int side = (int)Math.Sqrt(size), scale = width / side;
        double span = first.Max() - first.Min();
        for (int i = 0; i < size; i++)
            Assert.AreEqual(255 * (first[i] - first.Min()) / span, pixels[i / side * scale * width + i % side * scale], 1.01, i.ToString(CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void DrawFeatureMaps_BadInput_SaysWhat()
    {
        using var model = Some.Trained(_ml);
        var data = Some.Images(_ml, rows: 2);
        var listed = Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.DrawFeatureMaps(model, data, "nowhere")).Message;
        var last = listed.Split(" (")[0].TrimEnd('.').Split(", ")[^1];

        StringAssert.Contains(listed, "There are: 0, ");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.DrawFeatureMaps(model, data, last)).Message, "gives no image but 3 values");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawFeatureMaps(model, data, "0", row: 2));
    }

    [EachCulture]
    public void DrawClassBalance_TextNumbersKeys_AreCounted()
    {
        var view = View((0, 0.6f), (1, 0.7f), (1, 0.9f));
        var keyed = ScoredView.Load(_ml, ScoredView.Certain(3, (0, 0), (2, 2), (0, 1)), ["z", "unmet", "<b>"]);

        var picture = _ml.Data.DrawClassBalance(view);

        CollectionAssert.AreEqual(new[] { "<b>", "a" }, picture.Texts("end"));
        Assert.AreEqual("3 rows by class", picture.Texts()[0]);
        CollectionAssert.AreEqual(new[] { "z", "unmet", "<b>" }, _ml.Data.DrawClassBalance(keyed).Texts("end"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.DrawClassBalance(view, "Score"));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.DrawClassBalance(View()));
    }

    [TestMethod]
    public void DrawClassBalance_ThousandClasses_DrawsTheRarest()
    {
        var rows = Enumerable.Range(0, 1000).SelectMany(i => Enumerable.Repeat(i, i == 500 ? 1 : 2)).Select(i => new { Label = i });

        var picture = _ml.Data.DrawClassBalance(_ml.Data.LoadFromEnumerable(rows));

        Assert.AreEqual("1,999 rows by class: the 50 rarest of 1,000 classes", picture.Texts()[0]);
        Assert.AreEqual("500", picture.Texts("end")[0]);
        Assert.HasCount(50, picture.Texts("end"));
    }

    /// <summary>A row for each truth and probability of class 0; its first pixel is its number.</summary>
    private IDataView View(params (int Truth, float Probability)[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(ScoredImage));
        schema["Score"].AddAnnotation("SlotNames", Names, new VectorDataViewType(TextDataViewType.Instance, 2));
        return _ml.Data.LoadFromEnumerable(rows.Select((row, i) => new ScoredImage
        {
            Features = [(byte)i, 255], Label = Names[row.Truth], PredictedLabel = Names[row.Probability > 0.5f ? 0 : 1], Score = [row.Probability, 1 - row.Probability],
        }), schema);
    }
}
