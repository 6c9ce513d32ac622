using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>What scoring asks of its source: each row once, in one cursor, no more ahead than it needs.</summary>
[TestClass]
public sealed class SourceTests
{
    private static readonly MLContext Ml = Some.Context();
    private static CnnTransformer s_model = null!;
    private static float[][] s_expected = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_model = Some.Trained(Ml);
        s_expected = Some.Scores(s_model.Transform(Some.Images(Ml, 300)));
    }

    [ClassCleanup]
    public static void Free() => s_model.Dispose();

    [TestMethod]
    public void Score_OfAllRows_ReadsEachOnceInOneCursorAndDisposesIt()
    {
        var source = new RowSource(Some.Rows(300));
        AssertScores(s_model.Transform(source));
        Assert.AreEqual((1, 300, 300, 1), (source.Cursors, source.Pulled, source.Images, source.Disposed));
    }

    [TestMethod]
    public void Score_ImageAskedForToo_ReadsItOnce()
    {
        var source = new RowSource(Some.Rows(20));
        var view = s_model.Transform(source);
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            while (cursor.MoveNext()) { }
        }

        Assert.AreEqual((1, 20, 20), (source.Cursors, source.Pulled, source.Images));
    }

    [TestMethod]
    public void Score_QueueThatIsEmptiedByReading_GivesEachRowItsOwnScore()
    {
        using var queue = new BlockingCollection<ImageRow>();
        foreach (var row in Some.Rows(300)) queue.Add(row);
        queue.CompleteAdding();
        var view = s_model.Transform(Some.View(Ml, queue.GetConsumingEnumerable()));
        using var cursor = view.GetRowCursor(view.Schema);
        var (images, scores) = (cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]), cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]));
        var expected = Some.Rows(300).ToList();
        VBuffer<float> image = default, score = default;
        for (int row = 0; row < 300; row++)
        {
            Assert.IsTrue(cursor.MoveNext(), "a row is missing");
            images(ref image);
            scores(ref score);
            CollectionAssert.AreEqual(expected[row].Features, image.DenseValues().ToArray());
            AssertScore(row, score);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext(), "and again");
    }

    [TestMethod]
    public void Score_LiveSource_GivesTheFirstAfterOneRowAndDoublesFromThere()
    {
        var source = new RowSource(Some.Rows(300));
        var view = s_model.Transform(source);
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
        VBuffer<float> score = default;
        foreach (int pulled in new[] { 1, 3, 3, 7, 7, 7, 7, 15 })
        {
            Assert.IsTrue(cursor.MoveNext());
            getter(ref score);
            Assert.AreEqual(pulled, source.Pulled);
            AssertScore((int)cursor.Position, score);
        }
    }

    [TestMethod]
    public void Score_LargeImages_ReadsNoneAhead()
    {
        var shape = new ImageShape(1, 1500, 1500);   // 45 MB with what the first layer makes of it
        var architecture = new CnnArchitecture(Layer.Conv(4, kernel: 3, padding: 1), Layer.MaxPool(100), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(Ml, Some.Options with { Architecture = architecture, Epochs = 1, BatchSize = 1 }).Fit(Some.Keyed(Ml, 2, 2, shape));
        var source = new RowSource(Some.Rows(5, shape: shape), shape);
        var view = model.Transform(source);
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        while (cursor.MoveNext()) Assert.AreEqual(cursor.Position + 1, source.Pulled);
        Assert.AreEqual(5, source.Pulled);
    }

    [TestMethod]
    public void Score_ImageOfSixteenMillionPixels_IsScored()
    {
        var shape = new ImageShape(1, 4096, 4096);
        var images = new[] { new float[shape.Size], new float[shape.Size] };
        Array.Fill(images[1], 1);
        var rows = images.Select((image, i) => new ImageRow { Features = image, Label = "c" + i }).ToList();
        var architecture = new CnnArchitecture(Layer.Conv(1, kernel: 32, stride: 32), Layer.MaxPool(16), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(Ml, Some.Options with { Architecture = architecture, Epochs = 1, BatchSize = 1 }).Fit(Some.WithKeys(Ml, Some.View(Ml, rows, shape)));
        var scores = Some.Scores(model.Transform(Some.View(Ml, rows, shape)));
        Assert.HasCount(2, scores);
        CollectionAssert.AreNotEqual(scores[0], scores[1]);
    }

    [TestMethod]
    public void Score_ColumnThatCannotBeKept_IsServedRowByRow()
    {
        var source = new RowSource(Some.Rows(20), things: true);
        var view = s_model.Transform(source);
        using var cursor = view.GetRowCursor(view.Schema);
        var (things, scores) = (cursor.GetGetter<Thing>(view.Schema["Thing"]), cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]));
        var thing = new Thing();
        VBuffer<float> score = default;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            things(ref thing);
            scores(ref score);
            Assert.AreEqual(row, thing.Row);
            Assert.AreEqual(row + 1, source.Pulled);
            AssertScore(row, score);
        }

        Assert.AreEqual((1, 20), (source.Cursors, source.Pulled));
    }

    [TestMethod]
    public void Score_ColumnThatCannotBeKeptButIsNotAskedFor_ReadsAhead()
    {
        var source = new RowSource(Some.Rows(300), things: true);
        AssertScores(s_model.Transform(source));
    }

    [TestMethod]
    public void Cursor_OfAllColumns_HasTheSourcesValuesIdsAndBatches()
    {
        var view = s_model.Transform(new RowSource(Some.Rows(40)));
        using var cursor = view.GetRowCursor(view.Schema);
        var (labels, ids) = (cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Label"]), cursor.GetIdGetter());
        ReadOnlyMemory<char> label = default;
        DataViewRowId id = default;
        Assert.AreEqual(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => labels(ref label), "before the first row");
        for (int row = 0; row < 40; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            labels(ref label);
            ids(ref id);
            Assert.AreEqual(("c" + row % 3, (ulong)row, 5ul), (label.ToString(), id.Low, id.High));
            Assert.AreEqual((row, row / 7), (cursor.Position, cursor.Batch));
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => labels(ref label), "after the last row");
    }

    private static void AssertScores(IDataView view)
    {
        var scores = Some.Scores(view);
        Assert.HasCount(300, scores);
        for (int row = 0; row < 300; row++) CollectionAssert.AreEqual(s_expected[row], scores[row], $"row {row}");
    }

    private static void AssertScore(int row, VBuffer<float> score)
    {
        for (int i = 0; i < 3; i++) Assert.AreEqual(s_expected[row][i], score.GetItemOrDefault(i), 1e-6, $"row {row}");
    }
}
