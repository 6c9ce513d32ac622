using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>The columns that come out, their types and annotations, before and after training.</summary>
[TestClass]
public sealed class ScoredColumnsTests
{
    private sealed class NumberedRow
    {
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Score_EachRow_IsProbabilities()
    {
        using var model = Some.Trained(_ml);
        foreach (var row in Some.Scores(model.Transform(Some.Images(_ml, 20))))
        {
            Assert.IsTrue(row.All(value => value is >= 0 and <= 1));
            Assert.AreEqual(1, row.Sum(), 1e-5);
        }
    }

    [TestMethod]
    public void PredictedLabel_EachRow_IsTheMostProbableClass()
    {
        using var model = Some.Trained(_ml);
        var scored = model.Transform(Some.Images(_ml, 20));
        CollectionAssert.AreEqual(
            Some.Scores(scored).Select(row => (uint)Array.IndexOf(row, row.Max()) + 1).ToArray(), scored.GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Schema_Added_HasTypesAndNames()
    {
        using var model = Some.Trained(_ml);
        var schema = model.Transform(Some.Images(_ml)).Schema;
        CollectionAssert.AreEqual(new[] { "Features", "Label", "Score", "PredictedLabel" }, schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        CollectionAssert.AreEqual(new[] { "c0", "c1", "c2" }, SlotNames(schema["Score"]));
        var values = KeyValues<ReadOnlyMemory<char>>(schema["PredictedLabel"]).Select(text => text.ToString());
        CollectionAssert.AreEqual(new[] { "c0", "c1", "c2" }, values.ToArray());
    }

    [TestMethod]
    public void KeyValues_NumericLabels_StayNumbers()
    {
        var rows = Some.Rows().Select(row => new NumberedRow { Features = row.Features, Label = 10 * (row.Label[1] - '0') - 5 }).ToList();
        var data = Some.WithKeys(_ml, Some.View(_ml, rows));
        using var model = new CnnTrainer(_ml, Some.Options).Fit(data);
        var scored = model.Transform(data);
        CollectionAssert.AreEqual(new[] { -5, 5, 15 }, KeyValues<int>(scored.Schema["PredictedLabel"]));
        CollectionAssert.AreEqual(new[] { "-5", "5", "15" }, SlotNames(scored.Schema["Score"]));
        var names = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored).GetColumn<int>("PredictedLabel").Distinct().Order();
        CollectionAssert.AreEqual(new[] { -5, 5, 15 }, names.ToArray());
    }

    [TestMethod]
    public void Columns_OtherNames_AreUsed()
    {
        var options = Some.Options with { ScoreColumnName = "Probabilities", PredictedLabelColumnName = "Guess" };
        using var model = Some.Trained(_ml, options);
        var scored = model.Transform(Some.Images(_ml, 5));
        Assert.HasCount(5, Some.Scores(scored, "Probabilities"));
        Assert.IsNotNull(scored.Schema.GetColumnOrNull("Guess"));
        Assert.IsNull(scored.Schema.GetColumnOrNull("Score"));
    }

    [TestMethod]
    public void OutputSchema_BeforeAndAfterFit_Agree()
    {
        var data = Some.Keyed(_ml);
        var probe = new ShapeProbe(new CnnTrainer(_ml, Some.Options));
        var chain = new EstimatorChain<ITransformer>().Append(probe);
        using var model = chain.Fit(data);
        var promised = probe.Output!;
        var schema = model.Transform(data).Schema;
        CollectionAssert.AreEquivalent(
            schema.Where(column => !column.IsHidden).Select(column => column.Name).ToArray(), promised.Select(column => column.Name).ToArray());
        foreach (var column in promised) AssertAgree(column, schema[column.Name]);
        Assert.AreEqual(schema.ToString(), model.GetOutputSchema(data.Schema).ToString());
    }

    [TestMethod]
    public void Transform_LabelMissing_IsNotMissed()
    {
        using var model = Some.Trained(_ml);
        var unlabeled = _ml.Transforms.SelectColumns("Features").Fit(Some.Images(_ml)).Transform(Some.Images(_ml));
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(unlabeled)));
    }

    [TestMethod]
    public void Transform_LabelEmptyOrOfAnotherType_IsNotRead()
    {
        using var model = Some.Trained(_ml);
        var expected = Some.FlatScores(model.Transform(Some.Images(_ml)));
        var empty = Some.View(_ml, Some.Rows().Select(row => new ImageRow { Features = row.Features, Label = "" }));
        var numbers = Some.View(_ml, Some.Rows().Select(row => new NumberedRow { Features = row.Features, Label = -1 }));
        var labels = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.CopyColumns("Features", "Features"));
        CollectionAssert.AreEqual(expected, Some.FlatScores(model.Transform(empty)));
        CollectionAssert.AreEqual(expected, Some.FlatScores(model.Transform(numbers)));
        CollectionAssert.AreEqual(expected, Some.FlatScores(model.Transform(labels.Fit(Some.Images(_ml)).Transform(empty))), "keys that are all missing");
    }

    [TestMethod]
    public void Transformer_Describes_Itself()
    {
        using var model = Some.Trained(_ml);
        Assert.AreEqual("Features", model.FeatureColumnName);
        Assert.AreEqual("Score", model.ScoreColumnName);
        Assert.AreEqual("PredictedLabel", model.PredictedLabelColumnName);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 8, 8), model.FeatureColumnType);
        Assert.IsTrue(((ITransformer)model).IsRowToRowMapper);
        CollectionAssert.AreEqual(Some.Network.Layers.ToArray(), model.Model.Architecture.Layers.ToArray());
    }

    private static void AssertAgree(SchemaShape.Column promised, DataViewSchema.Column actual)
    {
        var vector = actual.Type as VectorDataViewType;
        var item = vector?.ItemType ?? actual.Type;
        Assert.AreEqual(vector is not null, promised.Kind == SchemaShape.Column.VectorKind.Vector, actual.Name);
        Assert.AreEqual(item is KeyDataViewType, promised.IsKey, actual.Name);
        Assert.AreEqual(item.RawType, promised.ItemType.RawType, actual.Name);
        CollectionAssert.AreEquivalent(
            actual.Annotations.Schema.Select(annotation => annotation.Name).ToArray(),
            promised.Annotations.Select(annotation => annotation.Name).ToArray(), actual.Name);
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static T[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    /// <summary>Keeps what the trainer promised when the chain asked.</summary>
    private sealed class ShapeProbe(CnnTrainer trainer) : IEstimator<CnnTransformer>
    {
        public SchemaShape? Output { get; private set; }

        public CnnTransformer Fit(IDataView input) => trainer.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Output = trainer.GetOutputSchema(inputSchema);
    }
}
