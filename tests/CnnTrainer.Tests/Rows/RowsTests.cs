using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Rows;

/// <summary>Rows that cannot be learned from.</summary>
[TestClass]
public sealed class RowsTests
{
    private sealed class KeyedRow
    {
        public float[] Features { get; set; } = new float[64];

        // ML.NET counts the keys of a member from 0; a value beyond them is a missing label.
        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class ByteKeyRow
    {
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public byte Label { get; set; }
    }

    private sealed class LongKeyRow
    {
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public ulong Label { get; set; }
    }

    private sealed class SparseRow
    {
        public VBuffer<float> Features { get; set; }

        public string Label { get; set; } = "";
    }

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Fit_ValueIsNotFinite_NamesRowAndSlot(float value, string text)
    {
        var rows = Some.Rows().ToList();
        rows[17].Features[5] = value;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Some.WithKeys(_ml, Some.View(_ml, rows))));
        Assert.AreEqual(
            $"Training row 17 (counting from 0): value 5 of the column 'Features' is {text}; " +
            "finite numbers are needed (see ml.Transforms.ReplaceMissingValues and ml.Data.FilterRowsByMissingValues).",
            error.Message);
    }

    [TestMethod]
    public void Score_LargestNumbers_AreFinite()
    {
        using var model = Some.Trained(_ml);
        var rows = Some.Rows(2).ToList();
        rows[0].Features = [.. Enumerable.Range(0, 64).Select(i => i == 0 ? -float.MaxValue : i == 63 ? float.MaxValue : 0)];
        var scores = Some.Scores(model.Transform(Some.View(_ml, rows)));
        Assert.HasCount(2, scores);
        foreach (var row in scores)
        {
            Assert.IsTrue(row.All(float.IsFinite), string.Join(' ', row));
            Assert.AreEqual(1, row.Sum(), 1e-5);
        }
    }

    [TestMethod]
    public void Score_ValueIsNotFinite_NamesRow()
    {
        using var model = Some.Trained(_ml);
        var rows = Some.Rows().ToList();
        rows[40].Features[0] = float.NaN;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Some.Scores(model.Transform(Some.View(_ml, rows))));
        StringAssert.StartsWith(error.Message, "Row 40 (counting from 0): value 0 of the column 'Features' is NaN");
    }

    [TestMethod]
    public void Fit_RowOfOtherLength_NamesRowAndBothLengths()
    {
        var rows = Some.Rows().ToList();
        rows[9].Features = new float[63];
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Some.WithKeys(_ml, Some.View(_ml, rows))));
        Assert.AreEqual("Training row 9 (counting from 0): the column 'Features' has 63 values, not 64.", error.Message);
    }

    [TestMethod]
    public void Fit_NoRows_SaysSo()
    {
        var nothing = _ml.Data.SkipRows(Some.Keyed(_ml), 60);
        Assert.AreEqual("There are no training rows.", Assert.ThrowsExactly<InvalidOperationException>(() => Fit(nothing)).Message);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Some.Options).Fit(Some.Keyed(_ml), nothing));
        Assert.AreEqual("There are no validation rows.", error.Message);
    }

    [TestMethod]
    public void Fit_NoRowsInTheWholePipeline_SaysSo()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(new CnnTrainer(_ml, Some.Options));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => pipeline.Fit(Some.View<ImageRow>(_ml, [])));
        Assert.AreEqual("There are no training rows.", error.Message);
    }

    [TestMethod]
    public void Fit_OneClassOnly_NamesIt()
    {
        var rows = Some.Rows(30).Where(row => row.Label == "c1").ToList();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(Some.WithKeys(_ml, Some.View(_ml, rows))));
        Assert.AreEqual("All 10 training rows have the label 'c1': a classifier needs at least two classes.", error.Message);
    }

    [TestMethod]
    public void Fit_ClassesWithoutRows_KeepTheirPlace()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(_ml, classes: 3));
        var two = mapping.Transform(Some.Images(_ml, classes: 2));
        using var model = Fit(two);
        CollectionAssert.AreEqual(new[] { "c0", "c1", "c2" }, model.Model.ClassNames.ToArray());
        Assert.HasCount(3, Some.Scores(model.Transform(two))[0]);
    }

    [TestMethod]
    public void Fit_LabelMissing_NamesRow()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new KeyedRow { Label = (uint)(i == 6 ? 99 : i % 3) }).ToList();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Some.View(_ml, rows)));
        Assert.AreEqual(
            "Training row 6 (counting from 0): the label column 'Label' is missing or has a value that is not among its 3 keys. " +
            "Drop such rows with ml.Data.FilterRowsByMissingValues(data, \"Label\") after MapValueToKey.", error.Message);
    }

    [TestMethod]
    public void Fit_LabelUnseenByTheMapping_NamesRow()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(_ml, classes: 2));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(mapping.Transform(Some.Images(_ml, classes: 3))));
        StringAssert.StartsWith(error.Message, "Training row 2 (counting from 0)");
    }

    [TestMethod]
    public void Fit_LabelsMissingAndDroppedAsTheMessageSays_TrainsOnTheRest()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(_ml, classes: 2));
        var labeled = _ml.Data.FilterRowsByMissingValues(mapping.Transform(Some.Images(_ml, classes: 3)), "Label");
        using var model = Fit(labeled);
        Assert.AreEqual(40L, model.Model.History.TrainingRows);
    }

    [TestMethod]
    public void Fit_ValidationRowIsBroken_SaysValidation()
    {
        var rows = Some.Rows().ToList();
        rows[8].Features[2] = float.NaN;
        var trainer = new CnnTrainer(_ml, Some.Options);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(Some.Keyed(_ml), Some.WithKeys(_ml, Some.View(_ml, rows))));
        StringAssert.StartsWith(error.Message, "Validation row 8 (counting from 0): value 2 of the column 'Features' is NaN");

        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(_ml));
        error = Assert.ThrowsExactly<InvalidDataException>(
            () => trainer.Fit(mapping.Transform(Some.Images(_ml)), mapping.Transform(Some.Images(_ml, classes: 4))));
        StringAssert.StartsWith(error.Message, "Validation row 3 (counting from 0): the label column 'Label' is missing");
    }

    [TestMethod]
    public void Fit_KeyWithoutValues_NamesClassesByNumber()
    {
        using var model = Fit(Some.View(_ml, Enumerable.Range(0, 12).Select(i => new KeyedRow { Label = (uint)(i % 3) }).ToList()));
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, model.Model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Fit_KeysOfOtherWidths_LearnTheSame()
    {
        var rows = Some.Rows().ToList();
        using var expected = Fit(Some.Keyed(_ml));
        using var bytes = Fit(Some.View(_ml, rows.Select(row => new ByteKeyRow { Features = row.Features, Label = (byte)(row.Label[1] - '0') })));
        using var longs = Fit(Some.View(_ml, rows.Select(row => new LongKeyRow { Features = row.Features, Label = (ulong)(row.Label[1] - '0') })));
        CollectionAssert.AreEqual(Scores(expected), Scores(bytes));
        CollectionAssert.AreEqual(Scores(expected), Scores(longs));
    }

    [TestMethod]
    public void FitAndScore_SparseVectors_AreAsDenseOnes()
    {
        // Every row is 0 but for a few pixels of its class.
        var indices = Enumerable.Range(0, 30).Select(row => new[] { row % 3, 10 + row % 3 + 3 * (row % 5), 63 }).ToArray();
        var sparse = indices.Select((at, row) => new SparseRow { Features = new VBuffer<float>(64, 3, [1, 2, 3], at), Label = "c" + row % 3 }).ToList();
        var dense = sparse.Select(row => new ImageRow { Features = [.. row.Features.DenseValues()], Label = row.Label }).ToList();
        using var fromSparse = Fit(Some.WithKeys(_ml, Some.View(_ml, sparse)));
        using var fromDense = Fit(Some.WithKeys(_ml, Some.View(_ml, dense)));
        CollectionAssert.AreEqual(Some.FlatScores(fromDense.Transform(Some.View(_ml, dense))), Some.FlatScores(fromSparse.Transform(Some.View(_ml, sparse))));
    }

    private float[] Scores(CnnTransformer model) => Some.FlatScores(model.Transform(Some.Images(_ml)));

    private CnnTransformer Fit(IDataView data) => new CnnTrainer(_ml, Some.Options).Fit(data);
}
