using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Heads;

/// <summary>One class of several: columns, annotations and labels.</summary>
[TestClass]
public sealed class MulticlassTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed class Row<T>
    {
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }

    private sealed class Numbered
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    /// <summary>As ML.NET's own multiclass trainers: its evaluators and tools look for a column of the value kind Score.</summary>
    [TestMethod]
    public void Transform_Annotations_AreThoseOfMlNetsTrainers()
    {
        using var model = Some.Trained(_ml);
        var schema = model.Transform(Some.Keyed(_ml)).Schema;
        Assert.AreEqual((nameof(MLContext.MulticlassClassification), "Score", 1u), Kinds(schema["Score"]));
        Assert.AreEqual((nameof(MLContext.MulticlassClassification), "PredictedLabel", 1u), Kinds(schema["PredictedLabel"]));
        foreach (var name in new[] { "SlotNames", "TrainingLabelValues" })
        {
            VBuffer<ReadOnlyMemory<char>> values = default;
            schema["Score"].Annotations.GetValue(name, ref values);
            Assert.AreEqual("c0 c1 c2", string.Join(' ', values.DenseValues()), name);
        }
    }

    [TestMethod]
    public void Transform_Twice_GivesTheSecondSetItsOwnNumber()
    {
        using var model = Some.Trained(_ml);
        var twice = model.Transform(model.Transform(Some.Keyed(_ml))).Schema;
        Assert.AreEqual(2u, Annotations.Set(twice["Score"]));
        Assert.AreEqual(2u, Annotations.Set(twice["PredictedLabel"]));
    }

    [TestMethod]
    public void GetOutputSchema_OfTheEstimator_EqualsTheRealOne()
    {
        var data = Some.Keyed(_ml);
        using var model = Some.Trained(_ml);
        Annotations.AssertSame(
            new CnnTrainer(_ml, Some.Options).GetOutputSchema(SchemaShape.Create(data.Schema)), SchemaShape.Create(model.GetOutputSchema(data.Schema)));
    }

    [TestMethod]
    public void Label_TextNumbersOrTruth_ComesBackFromTheModelAsItWas()
    {
        AssertComesBack<ReadOnlyMemory<char>, string>(row => row.Label, memory => memory.ToString());
        AssertComesBack<float, float>(row => row.Label[1] + 0.25f, value => value);
        AssertComesBack<bool, bool>(row => row.Label == "c0", value => value);
        AssertComesBack<int, int>(row => -row.Label[1], value => value);
    }

    [TestMethod]
    public void Fit_KeyOfMillionsOfClasses_IsRefusedBeforeAnythingIsAllocated()
    {
        foreach (ulong count in new ulong[] { 1_000_001, 1UL << 26, 1UL << 31, ulong.MaxValue })
        {
            var data = Keys(count, [1, 2]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(data));
            Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
            StringAssert.Contains(error.Message, $"The label column 'Label' has {count} classes; at most 1000000 are possible. Is it a row number or a hash?");
        }
    }

    [TestMethod]
    public void Fit_KeyAboveItsCount_NamesTheRow()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Some.Options).Fit(Keys(3, [1, 2, 3, 4])));
        StringAssert.StartsWith(error.Message, "Training row 3 (counting from 0): the label column 'Label' has the key 4, above its 3 keys.");
    }

    [TestMethod]
    public void Fit_KeyThatIsMissing_NamesTheRow()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Some.Options).Fit(Keys(3, [1, 0])));
        StringAssert.StartsWith(error.Message, "Training row 1 (counting from 0): the label column 'Label' is missing or has a value that is not among its 3 keys.");
    }

    [TestMethod]
    public void Fit_KeyWithoutNames_CountsItsClasses()
    {
        using var model = new CnnTrainer(_ml, Some.Options).Fit(Keys(4, [1, 2, 3, 4, 1, 2, 3, 4]));
        CollectionAssert.AreEqual(new[] { "0", "1", "2", "3" }, model.Model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Fit_OnlyOneClass_NamesIt()
    {
        var data = Some.WithKeys(_ml, Some.View(_ml, Some.Rows().Where(row => row.Label == "c0").ToList()));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Some.Options).Fit(data));
        Assert.AreEqual("All 20 training rows have the label 'c0': a classifier needs at least two classes.", error.Message);
    }

    private void AssertComesBack<T, TShown>(Func<ImageRow, TShown> label, Func<T, TShown> show) where TShown : notnull
    {
        var rows = Some.Rows().Select(row => new Row<TShown> { Features = row.Features, Label = label(row) }).ToList();
        var data = Some.View(_ml, rows);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Epochs = 15 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "PredictedLabel"));
        using var model = pipeline.Fit(data);
        var scored = model.Transform(data);
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        var back = scored.GetColumn<T>(scored.Schema["Back"]).Select(show).ToArray();
        Assert.IsGreaterThan(54, back.Zip(rows).Count(pair => pair.First.Equals(pair.Second.Label)), typeof(T).Name);
        using var loaded = (IDisposable)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(back, ((ITransformer)loaded).Transform(data).GetColumn<T>("Back").Select(show).ToArray());
    }

    /// <summary>Rows with the keys given, of a key type of that many classes without names.</summary>
    private IDataView Keys(ulong count, uint[] keys)
    {
        var schema = Some.Definition<Numbered>();
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), Math.Min(count, uint.MaxValue));
        if (count > uint.MaxValue) schema["Label"].ColumnType = new KeyDataViewType(typeof(ulong), count);
        var rows = Some.Rows(keys.Length).Zip(keys, (row, key) => new Numbered { Features = row.Features, Label = key }).ToList();
        return new Keyed(_ml.Data.LoadFromEnumerable(rows, Some.Definition<Numbered>()), schema["Label"].ColumnType);
    }

    private static (string, string, uint) Kinds(DataViewSchema.Column column) =>
        (Annotations.Text(column, "ScoreColumnKind"), Annotations.Text(column, "ScoreValueKind"), Annotations.Set(column));

    /// <summary>A view that calls its label what it likes.</summary>
    private sealed class Keyed : IDataView
    {
        private readonly IDataView _source;

        public Keyed(IDataView source, DataViewType label)
        {
            _source = source;
            var schema = new DataViewSchema.Builder();
            foreach (var column in source.Schema) schema.AddColumn(column.Name, column.Name == "Label" ? label : column.Type);
            Schema = schema.ToSchema();
        }

        public DataViewSchema Schema { get; }

        public bool CanShuffle => false;

        public long? GetRowCount() => _source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(_source.GetRowCursor(columnsNeeded.Select(column => _source.Schema[column.Index])), this);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

        private sealed class Cursor(DataViewRowCursor source, Keyed view) : DataViewRowCursor
        {
            public override DataViewSchema Schema => view.Schema;
            public override long Position => source.Position;
            public override long Batch => source.Batch;
            public override bool MoveNext() => source.MoveNext();
            public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();
            public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(source.Schema[column.Index]);
            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(source.Schema[column.Index]);
        }
    }
}
