using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Scores are the same whichever way rows are asked for.</summary>
[TestClass]
public sealed class CursorTests
{
    private static readonly MLContext Ml = Some.Context();
    private static CnnTransformer s_model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => s_model = Some.Trained(Ml, Some.Options with { Architecture = Some.AllLayers });

    [ClassCleanup]
    public static void Free() => s_model.Dispose();

    [TestMethod]
    public void Batched_ManyRows_EqualsRowByRow()
    {
        var data = Some.Images(Ml, 300);   // read ahead 1, 2, 4 ... rows
        var batched = Some.Scores(s_model.Transform(data));
        var engine = Ml.Model.CreatePredictionEngine<ImageRow, Prediction>(s_model, inputSchemaDefinition: Some.Definition<ImageRow>());
        int row = 0;
        foreach (var image in Some.Rows(300))
        {
            var alone = engine.Predict(image);
            for (int i = 0; i < 3; i++) Assert.AreEqual(batched[row][i], alone.Score[i], 1e-6, $"row {row}");
            row++;
        }
    }

    [TestMethod]
    public void Batched_RowsOfDifferentImages_KeepTheirOrder()
    {
        var scored = s_model.Transform(Some.Images(Ml, 300));
        var one = Some.Scores(scored)[200];
        var skipped = Some.Scores(Ml.Data.TakeRows(Ml.Data.SkipRows(scored, 200), 1)).Single();
        for (int i = 0; i < 3; i++) Assert.AreEqual(one[i], skipped[i], 1e-6);
    }

    [TestMethod]
    public void TakeAndSkip_BeforeAndAfter_AreTheSame()
    {
        var data = Some.Images(Ml, 300);
        AssertClose(
            Some.Scores(s_model.Transform(Ml.Data.TakeRows(Ml.Data.SkipRows(data, 150), 20))),
            Some.Scores(Ml.Data.TakeRows(Ml.Data.SkipRows(s_model.Transform(data), 150), 20)));
    }

    [TestMethod]
    public void Shuffle_BeforeAndAfter_KeepsScoreAndRowTogether()
    {
        var data = Some.Images(Ml, 300);
        var expected = ByImage(s_model.Transform(data));
        var before = ByImage(s_model.Transform(Ml.Data.ShuffleRows(data, seed: 3)));
        var after = ByImage(Ml.Data.ShuffleRows(s_model.Transform(data), seed: 3));
        foreach (var shuffled in new[] { before, after })
        {
            CollectionAssert.AreNotEqual(expected.Select(pair => pair.Pixel).ToArray(), shuffled.Select(pair => pair.Pixel).ToArray(), "really shuffled");
            foreach (var (pixel, score) in shuffled) Assert.AreEqual(expected.Single(pair => pair.Pixel == pixel).Score, score, 1e-6);
        }
    }

    [TestMethod]
    public void Cursor_GeneratorGiven_KeepsScoreAndRowTogether()
    {
        var expected = ByImage(s_model.Transform(Some.Images(Ml, 300)));
        var view = s_model.Transform(Ml.Data.Cache(Some.Images(Ml, 300)));
        using var cursor = view.GetRowCursor([view.Schema["Features"], view.Schema["Score"]], new Random(4));
        var (pixels, scores) = (cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]), cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]));
        VBuffer<float> pixel = default, score = default;
        while (cursor.MoveNext())
        {
            pixels(ref pixel);
            scores(ref score);
            Assert.AreEqual(expected.Single(pair => pair.Pixel == pixel.GetValues()[0]).Score, score.GetValues()[0], 1e-6);
        }
    }

    [TestMethod]
    public void Cursor_ScoreAskedForNowAndThen_GivesThatRowsScore()
    {
        var view = s_model.Transform(Some.Images(Ml, 300));
        var all = Some.Scores(view);
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
        VBuffer<float> score = default;
        while (cursor.MoveNext())
        {
            if (cursor.Position % 97 != 5) continue;
            getter(ref score);
            getter(ref score);
            Assert.AreEqual(all[cursor.Position][1], score.GetValues()[1], 1e-6);
        }
    }

    [TestMethod]
    public void Cursor_ColumnNotAskedFor_Throws()
    {
        var view = s_model.Transform(Some.Images(Ml, 4));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["PredictedLabel"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<uint>(view.Schema["PredictedLabel"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<uint>(view.Schema["Score"]), "of another type");
    }

    [TestMethod]
    public void Transform_LabelOnly_ReadsNoImage()
    {
        int read = 0;
        var data = Ml.Data.LoadFromEnumerable(Some.Rows().Select(row => new CountingRow(row, () => read++)), Some.Definition<CountingRow>());
        var scored = s_model.Transform(data);
        Assert.HasCount(60, scored.GetColumn<string>("Label").ToArray());
        Assert.AreEqual(0, read);
        Assert.HasCount(60, Some.Scores(scored));
        Assert.AreEqual(60, read);
    }

    [TestMethod]
    public void Transform_NoRows_GivesNone() => Assert.IsEmpty(Some.Scores(s_model.Transform(Some.View<ImageRow>(Ml, []))));

    [TestMethod]
    public void Transform_RowCount_IsTheSources()
    {
        Assert.AreEqual(60L, s_model.Transform(Some.Images(Ml)).GetRowCount());
        Assert.IsNull(s_model.Transform(Some.View(Ml, Some.Rows())).GetRowCount(), "rows that nobody has counted");
    }

    [TestMethod]
    public void Score_SourceThatChangesBetweenPasses_EachPassIsScoredAsItIs()
    {
        int pass = 0;
        var scored = s_model.Transform(Some.View(Ml, new Changing(() => Some.Rows(pass++ % 2 == 0 ? 60 : 40, seed: pass))));
        CollectionAssert.AreEqual(Some.FlatScores(s_model.Transform(Some.Images(Ml, 60, seed: 1))), Some.FlatScores(scored));
        CollectionAssert.AreEqual(Some.FlatScores(s_model.Transform(Some.Images(Ml, 40, seed: 2))), Some.FlatScores(scored));
    }

    [TestMethod]
    public void Score_SeveralThreadsOneModel_AllGetTheSame()
    {
        var expected = Some.FlatScores(s_model.Transform(Some.Images(Ml)));
        var results = new float[4][];
        Exception? failure = null;
        var threads = Enumerable.Range(0, results.Length).Select(i => new Thread(() =>
        {
            try
            {
                for (int round = 0; round < 5; round++) results[i] = Some.FlatScores(s_model.Transform(Some.Images(Some.Context())));
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.IsNull(failure);
        foreach (var result in results) CollectionAssert.AreEqual(expected, result);
    }

    private static List<(float Pixel, float Score)> ByImage(IDataView scored) =>
        [.. scored.GetColumn<float[]>("Features").Select(image => image[0]).Zip(Some.Scores(scored).Select(score => score[0]))];

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            for (int i = 0; i < 3; i++) Assert.AreEqual(expected[row][i], actual[row][i], 1e-6);
        }
    }

    private sealed class CountingRow(ImageRow row, Action onRead)
    {
        public CountingRow() : this(new ImageRow(), () => { }) { }

        public float[] Features
        {
            get
            {
                onRead();
                return row.Features;
            }
            set => row.Features = value;
        }

        public string Label { get; set; } = row.Label;
    }

    private sealed class Changing(Func<IEnumerable<ImageRow>> pass) : IEnumerable<ImageRow>
    {
        public IEnumerator<ImageRow> GetEnumerator() => pass().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
