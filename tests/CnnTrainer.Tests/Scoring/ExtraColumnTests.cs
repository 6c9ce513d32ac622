using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Columns on request: their values by hand, their schema, and what they cost.</summary>
[TestClass]
public sealed class ExtraColumnTests
{
    private static readonly ExtraColumn[] All =
    [
        ExtraColumn.Logits(), ExtraColumn.Probabilities(), ExtraColumn.TopK(2), ExtraColumn.Embedding(), ExtraColumn.Embedding("Map", "0"),
    ];

    private static readonly CnnArchitecture Nested = new(
        Layer.Sequence(Layer.Conv(3, 3, padding: 1), Layer.Relu()).Named("stem"), Layer.Residual([Layer.Conv(3, 3, padding: 1).Named("conv"), Layer.Tanh()]).Named("block"),
        Layer.MaxPool(2), Layer.Sequence(Layer.Flatten(), Layer.Linear(7), Layer.Dropout(0.5), Layer.Output()).Named("top"));

    private static CnnTransformer s_model = null!;

    private readonly MLContext _ml = Some.Context();

    private sealed class Everything
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float[] Logits { get; set; } = [];

        public float[] Probabilities { get; set; } = [];

        public uint[] TopLabels { get; set; } = [];

        public float[] TopProbabilities { get; set; } = [];

        public float[] Embedding { get; set; } = [];

        public float[] Map { get; set; } = [];
    }

    [ClassInitialize]
    public static void Fit(TestContext context) => s_model = Some.Trained(Some.Context(), Some.Options with { ExtraColumns = All });

    [ClassCleanup]
    public static void Dispose() => s_model.Dispose();

    [TestMethod]
    public void Columns_OfEachRow_AreWhatTheNetworkComputes()
    {
        var scored = s_model.Transform(Some.Images(_ml, 20));
        var logits = ByHand(s_model, 20, "4");
        AssertClose(logits, Some.FlatScores(scored, "Logits"));
        AssertClose(ByHand(s_model, 20, "3"), Some.FlatScores(scored, "Embedding"));
        AssertClose(ByHand(s_model, 20, "0"), Some.FlatScores(scored, "Map"));
        CollectionAssert.AreEqual(Some.FlatScores(scored), Some.FlatScores(scored, "Probabilities"));
        using var scope = NewDisposeScope();
        AssertClose(tensor(logits, [20, 3]).softmax(1).data<float>().ToArray(), Some.FlatScores(scored, "Probabilities"));
    }

    [TestMethod]
    public void Embedding_OfAnyLayer_IsItsOutput()
    {
        string[] paths = ["stem", "stem.0", "stem.1", "block", "block.branch.conv", "block.branch.1", "2", "top", "top.0", "top.1", "top.2", "top.3"];
        var columns = paths.Select((path, i) => ExtraColumn.Embedding("E" + i, path)).Append(ExtraColumn.Embedding()).ToArray();
        using var model = Some.Trained(_ml, Some.Options with { Architecture = Nested, ExtraColumns = columns });
        var scored = model.Transform(Some.Images(_ml, 6));
        foreach (var (i, path) in paths.Index()) AssertClose(ByHand(model, 6, path), Some.FlatScores(scored, "E" + i));
        AssertClose(ByHand(model, 6, "top.2"), Some.FlatScores(scored, "Embedding"));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 7), scored.Schema["Embedding"].Type);
    }

    [TestMethod]
    public void Embedding_OutputFirstInItsSequence_IsWhatGoesIntoThat()
    {
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(5).Named("code"), Layer.Sequence(Layer.Sequence(Layer.Output())));
        using var model = Some.Trained(_ml, Some.Options with { Architecture = architecture, ExtraColumns = [ExtraColumn.Embedding()] });
        AssertClose(ByHand(model, 6, "code"), Some.FlatScores(model.Transform(Some.Images(_ml, 6)), "Embedding"));
    }

    [TestMethod]
    public void Embedding_LayerThatChangesItsInputInPlace_IsWhatTheLayerBeforeGave()
    {
        using TorchSharp.Scalar half = 0.5;
        CnnModules.Register("ExtraColumnTests.InPlace", _ => new OwnNetworks.Does(x => x.mul_(half)));
        var architecture = new CnnArchitecture(Layer.Conv(2, 3).Named("conv"), Layer.Module("ExtraColumnTests.InPlace"), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(_ml, Some.Options with { Architecture = architecture, Epochs = 1, ExtraColumns = [ExtraColumn.Embedding("Conv", "conv")] });
        var scored = model.Transform(Some.Images(_ml, 6));
        using var both = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Conv"]]);
        var getter = both.GetGetter<VBuffer<float>>(scored.Schema["Conv"]);
        VBuffer<float> value = default;
        Assert.IsTrue(both.MoveNext());
        getter(ref value);
        AssertClose(ByHand(model, 1, "conv"), [.. value.DenseValues()]);
    }

    [TestMethod]
    public void TopK_EachRow_IsTheMostProbableFirst()
    {
        var scored = s_model.Transform(Some.Images(_ml, 20));
        var (labels, probabilities) = (scored.GetColumn<uint[]>("TopLabels").ToArray(), Some.Scores(scored, "TopProbabilities"));
        foreach (var (row, score) in Some.Scores(scored).Index())
        {
            var order = Enumerable.Range(0, 3).OrderByDescending(i => score[i]).Take(2).ToArray();
            CollectionAssert.AreEqual(order.Select(i => (uint)i + 1).ToArray(), labels[row]);
            CollectionAssert.AreEqual(order.Select(i => score[i]).ToArray(), probabilities[row]);
        }
    }

    [TestMethod]
    public void TopK_EquallyProbableClasses_ComeInTheOrderOfTheirKeys()
    {
        CnnModules.Register("ExtraColumnTests.Zero", _ => new OwnNetworks.Does(x => x.mul(zeros([1]))));
        using var model = Some.Trained(_ml, Some.Options with { Architecture = new(Layer.Module("ExtraColumnTests.Zero"), Layer.Flatten(), Layer.Output()) });
        using (NewDisposeScope())
        using (no_grad()) model.Model.Network.Weights["2.bias"].copy_(tensor(new[] { 0f, 0.5f, 0.5f }));
        foreach (int k in new[] { 1, 2, 3 })
        {
            using var top = model.With([ExtraColumn.TopK(k)]);
            CollectionAssert.AreEqual(new uint[] { 2, 3, 1 }[..k], top.Transform(Some.Images(_ml, 1)).GetColumn<uint[]>("TopLabels").Single());
        }
    }

    [TestMethod]
    public void TopK_ManyClasses_AreSortedAsByHand()
    {
        var data = Some.Keyed(_ml, 60, classes: 20);
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 1, ExtraColumns = [ExtraColumn.TopK(20), ExtraColumn.TopK(7, "Seven", "SevenProbabilities")] }).Fit(data);
        var scored = model.Transform(data);
        var (all, seven) = (scored.GetColumn<uint[]>("TopLabels").ToArray(), scored.GetColumn<uint[]>("Seven").ToArray());
        foreach (var (row, score) in Some.Scores(scored).Index())
        {
            var expected = Enumerable.Range(1, 20).OrderByDescending(key => score[key - 1]).Select(key => (uint)key).ToArray();
            CollectionAssert.AreEqual(expected, all[row]);
            CollectionAssert.AreEqual(expected[..7], seven[row]);
        }
    }

    [TestMethod]
    public void Logits_OfABinaryClassifier_AreItsScore()
    {
        var options = Some.Options with { Head = Head.Binary(), ExtraColumns = [ExtraColumn.Logits(), ExtraColumn.Embedding()] };
        using var model = new CnnTrainer(_ml, options).Fit(YesOrNo.Images(_ml));
        var scored = model.Transform(YesOrNo.Images(_ml, 9));
        CollectionAssert.AreEqual(scored.GetColumn<float>("Score").ToArray(), Some.FlatScores(scored, "Logits"));
        Assert.HasCount(0, scored.Schema["Logits"].Annotations.Schema);
        Assert.HasCount(64, Some.Scores(scored, "Embedding")[0]);
    }

    [TestMethod]
    public void Schema_BeforeAndAfterFit_Agree()
    {
        var data = Some.Keyed(_ml);
        foreach (var view in new[] { data, _ml.Transforms.SelectColumns("Features", "Label").Fit(Keyless(data)).Transform(Keyless(data)) })
        {
            var trainer = new CnnTrainer(_ml, Some.Options with { Epochs = 1, ExtraColumns = All });
            var shape = new Promised(trainer);
            using var model = new EstimatorChain<ITransformer>().Append(shape).Fit(view);
            var schema = model.Transform(view).Schema;
            CollectionAssert.AreEquivalent(schema.Where(column => !column.IsHidden).Select(column => column.Name).ToArray(), shape.Output!.Select(column => column.Name).ToArray());
            foreach (var column in shape.Output!) AssertAgree(column, schema[column.Name]);
            Assert.AreEqual(schema.ToString(), model.GetOutputSchema(view.Schema).ToString());
        }
    }

    [TestMethod]
    public void Schema_OfEachColumn_HasItsTypeAndNames()
    {
        var schema = s_model.GetOutputSchema(Some.Images(_ml).Schema);
        CollectionAssert.AreEqual(
            new[] { "Features", "Label", "Score", "PredictedLabel", "Logits", "Probabilities", "TopLabels", "TopProbabilities", "Embedding", "Map" },
            schema.Select(column => column.Name).ToArray());
        foreach (var (name, size) in new[] { ("Logits", 3), ("Probabilities", 3), ("TopProbabilities", 2), ("Embedding", 64), ("Map", 256) })
            Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, size), schema[name].Type, name);
        Assert.AreEqual(new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 2), schema["TopLabels"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        foreach (var name in new[] { "Logits", "Probabilities" })
        {
            schema[name].GetSlotNames(ref names);
            Assert.AreEqual("c0 c1 c2", string.Join(' ', names.DenseValues()));
        }

        schema["TopLabels"].GetKeyValues(ref names);
        Assert.AreEqual("c0 c1 c2", string.Join(' ', names.DenseValues()));
    }

    [TestMethod]
    public void PredictionEngine_AllColumns_AreThoseOfTransform()
    {
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Everything>(s_model, inputSchemaDefinition: Some.Definition<ImageRow>());
        var scored = s_model.Transform(Some.Images(_ml, 5));
        foreach (var (i, row) in Some.Rows(5).Index())
        {
            var one = engine.Predict(row);
            foreach (var (name, value) in new[]
            {
                ("Score", one.Score), ("Logits", one.Logits), ("Probabilities", one.Probabilities), ("TopProbabilities", one.TopProbabilities),
                ("Embedding", one.Embedding), ("Map", one.Map),
            }) AssertClose(Some.Scores(scored, name)[i], value);
            CollectionAssert.AreEqual(scored.GetColumn<uint[]>("TopLabels").ElementAt(i), one.TopLabels);
            Assert.AreEqual(one.TopLabels[0], one.PredictedLabel);
        }
    }

    [TestMethod]
    public void Fit_ListChangedLater_IsNotSeen()
    {
        var columns = new List<ExtraColumn> { ExtraColumn.Logits() };
        var options = Some.Options with { Epochs = 1, ExtraColumns = columns };
        columns.Clear();
        using var model = Some.Trained(_ml, options);
        Assert.AreEqual(ExtraColumn.Logits(), model.ExtraColumns.Single());
    }

    internal static float[] ByHand(CnnTransformer model, int rows, string path)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var images = tensor([.. Some.Rows(rows).SelectMany(row => row.Features)], [rows, 1, 8, 8]);
        return model.Model.Network.Forward(images, path).flatten().data<float>().ToArray();
    }

    internal static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        foreach (var (one, other) in expected.Zip(actual)) Assert.AreEqual(one, other, 1e-5f);
    }

    /// <summary>The same rows with keys that have no values.</summary>
    private IDataView Keyless(IDataView keyed) => _ml.Data.LoadFromEnumerable(
        keyed.GetColumn<float[]>("Features").Zip(keyed.GetColumn<uint>("Label"), (features, key) => new Numbered { Features = features, Label = key - 1 }).ToList(),
        Definition());

    private static SchemaDefinition Definition()
    {
        var definition = Some.Definition<Numbered>();
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        return definition;
    }

    private sealed class Numbered
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    private static void AssertAgree(SchemaShape.Column promised, DataViewSchema.Column actual)
    {
        var vector = actual.Type as VectorDataViewType;
        var item = vector?.ItemType ?? actual.Type;
        Assert.AreEqual(vector is not null, promised.Kind == SchemaShape.Column.VectorKind.Vector, actual.Name);
        Assert.AreEqual(item is KeyDataViewType, promised.IsKey, actual.Name);
        Assert.AreEqual(item.RawType, promised.ItemType.RawType, actual.Name);
        CollectionAssert.AreEquivalent(
            actual.Annotations.Schema.Select(annotation => annotation.Name).ToArray(), promised.Annotations.Select(annotation => annotation.Name).ToArray(), actual.Name);
    }

    private sealed class Promised(CnnTrainer trainer) : IEstimator<CnnTransformer>
    {
        public SchemaShape? Output { get; private set; }

        public CnnTransformer Fit(IDataView input) => trainer.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Output = trainer.GetOutputSchema(inputSchema);
    }
}
