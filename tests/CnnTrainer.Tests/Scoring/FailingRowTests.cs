using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnMlNet.Tests.Scoring;

/// <summary>What goes wrong with one row is said by that row, and by no other.</summary>
[TestClass]
public sealed class FailingRowTests
{
    private static readonly MLContext Ml = Some.Context();
    private static CnnTransformer s_model = null!;
    private static float[][] s_expected = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_model = Some.Trained(Ml);
        using (torch.NewDisposeScope())
        using (torch.no_grad()) s_model.Model.Network.Weights["0.weight"].mul_(10f);   // so that 3e38 is too much for it
        s_expected = Some.Scores(s_model.Transform(Some.Images(Ml, 100)));
    }

    [ClassCleanup]
    public static void Free() => s_model.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(40)]
    [DataRow(99)]
    public void Score_ValueIsNotFinite_ThrowsForThatRowAlone(int broken)
    {
        var rows = Some.Rows(100).ToList();
        rows[broken].Features[3] = float.NaN;
        AssertThrowsAt<InvalidDataException>(Some.View(Ml, rows), $"Row {broken} (counting from 0): value 3 of the column 'Features' is NaN", broken);
    }

    [TestMethod]
    public void Score_ImageThatCannotBeRead_ThrowsForThatRowAlone()
    {
        var source = new RowSource(Some.Rows(100)) { OnImage = row => ThrowAt(row, 20, 21, 63) };
        AssertThrowsAt<IOException>(source, "gone", 20, 21, 63);
        Assert.AreEqual(100, source.Images, "each image is read once");
    }

    [TestMethod]
    public void Score_PixelsTooLargeForTheNetwork_ThrowsForThatRowAlone()
    {
        var rows = Some.Rows(100).ToList();
        Array.Fill(rows[50].Features, 3e38f);
        AssertThrowsAt<InvalidOperationException>(Some.View(Ml, rows), "Row 50 (counting from 0): the network gives NaN, not a finite number.", 50);
    }

    [TestMethod]
    public void PredictionEngine_PixelsTooLargeForTheNetwork_ThrowsAndGoesOn()
    {
        var rows = Some.Rows(3).ToList();
        var engine = Ml.Model.CreatePredictionEngine<ImageRow, Prediction>(
            s_model, new PredictionEngineOptions { InputSchemaDefinition = Some.Definition<ImageRow>(), OwnsTransformer = false });
        AssertScore(0, engine.Predict(rows[0]).Score);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new ImageRow { Features = [.. Enumerable.Repeat(3e38f, 64)] }));
        Assert.Contains("the network gives NaN, not a finite number", error.Message);
        Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(new ImageRow { Features = [.. Enumerable.Repeat(float.NaN, 64)] }));
        Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(new ImageRow { Features = new float[63] }));
        AssertScore(2, engine.Predict(rows[2]).Score);
    }

    [TestMethod]
    public void Score_ImageServedToo_ThrowsAtItsOwnGetterAndTheScores()
    {
        var view = s_model.Transform(new RowSource(Some.Rows(100)) { OnImage = row => ThrowAt(row, 5) });
        using var cursor = view.GetRowCursor(view.Schema);
        var images = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var scores = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
        var labels = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Label"]);
        VBuffer<float> image = default, score = default;
        ReadOnlyMemory<char> label = default;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            labels(ref label);
            Assert.AreEqual("c" + row % 3, label.ToString());
            if (row == 5)
            {
                Assert.ThrowsExactly<IOException>(() => images(ref image));
                Assert.ThrowsExactly<IOException>(() => scores(ref score));
                continue;
            }

            images(ref image);
            scores(ref score);
            Assert.AreEqual(64, image.Length);
            AssertScore(row, [.. score.DenseValues()]);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(20)]
    public void MoveNext_SourceThrows_ServesTheRowsBeforeItAndThenThrowsEachTime(int rows)
    {
        var source = new RowSource(Some.Rows(rows).Concat(Broken()));
        var view = s_model.Transform(source);
        using (var cursor = view.GetRowCursor([view.Schema["Score"]]))
        {
            var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
            VBuffer<float> score = default;
            for (int row = 0; row < rows; row++)
            {
                Assert.IsTrue(cursor.MoveNext());
                getter(ref score);
                AssertScore(row, [.. score.DenseValues()]);
            }

            Assert.AreEqual("the line was cut", Assert.ThrowsExactly<IOException>(() => cursor.MoveNext()).Message);
            Assert.ThrowsExactly<IOException>(() => cursor.MoveNext());
            Assert.Throws<InvalidOperationException>(() => getter(ref score), "there is no row");
        }

        Assert.AreEqual(1, source.Disposed);
    }

    private static IEnumerable<ImageRow> Broken()
    {
        foreach (int _ in (int[])[1]) throw new IOException("the line was cut");
        yield break;
    }

    private static void ThrowAt(long row, params int[] rows)
    {
        if (rows.Contains((int)row)) throw new IOException("gone");
    }

    private static void AssertThrowsAt<T>(IDataView data, string message, params int[] broken) where T : Exception
    {
        var view = s_model.Transform(data);
        using var cursor = view.GetRowCursor([view.Schema["Score"], view.Schema["PredictedLabel"]]);
        var (scores, classes) = (cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]), cursor.GetGetter<uint>(view.Schema["PredictedLabel"]));
        VBuffer<float> score = default;
        uint predicted = 0;
        int row = 0;
        for (; cursor.MoveNext(); row++)
        {
            if (broken.Contains(row))
            {
                StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => scores(ref score)).Message, message);
                Assert.ThrowsExactly<T>(() => classes(ref predicted));
                continue;
            }

            scores(ref score);
            classes(ref predicted);
            AssertScore(row, [.. score.DenseValues()]);
            Assert.AreEqual(Array.IndexOf(s_expected[row], s_expected[row].Max()) + 1, (int)predicted);
        }

        Assert.AreEqual(100, row);
    }

    private static void AssertScore(int row, float[] score)
    {
        for (int i = 0; i < 3; i++) Assert.AreEqual(s_expected[row][i], score[i], 1e-6, $"row {row}");
    }
}
