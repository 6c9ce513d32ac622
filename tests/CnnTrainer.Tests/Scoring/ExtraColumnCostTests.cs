using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>What is not asked for is not computed, and what is asked for costs one forward pass.</summary>
[TestClass]
public sealed class ExtraColumnCostTests
{
    private const string Module = "ExtraColumnCostTests.Counts";

    private readonly MLContext _ml = Some.Context();
    private readonly List<int> _early = [], _late = [];

    [TestInitialize]
    public void Register()
    {
        CnnModules.Register(Module + ".Early", _ => new OwnNetworks.Counts((rows, _) => _early.Add(rows)));
        CnnModules.Register(Module + ".Late", _ => new OwnNetworks.Counts((rows, _) => _late.Add(rows)));
    }

    [TestMethod]
    public void Cursor_AllColumns_TakesOneForwardPassABatch()
    {
        using var model = Trained();
        Read(model, 70, "Score", "Logits", "TopLabels", "Early", "Embedding", "PredictedLabel");
        CollectionAssert.AreEqual(new[] { 1, 2, 4, 8, 16, 32, 7 }, _early);
        CollectionAssert.AreEqual(_early, _late);
    }

    [TestMethod]
    public void Cursor_EmbeddingAlone_RunsNoLayerAfterIt()
    {
        using var model = Trained();
        Read(model, 70, "Early");
        Assert.AreEqual(70, _early.Sum());
        Assert.IsEmpty(_late);
        Read(model, 70, "Early", "Logits");
        Assert.AreEqual(70, _late.Sum());
    }

    [TestMethod]
    public void Cursor_NoAddedColumn_RunsNothing()
    {
        using var model = Trained();
        Read(model, 10, "Label");
        Assert.IsEmpty(_early);
    }

    [TestMethod]
    public void Engine_AllColumns_TakesOneForwardPassARow()
    {
        using var model = Trained();
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Both>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        engine.Predict(Some.Rows().First());
        engine.Predict(Some.Rows().First());
        CollectionAssert.AreEqual(new[] { 1, 1 }, _late);
    }

    [TestMethod]
    public void Cursor_LargeEmbedding_TakesMemoryOnlyWhereItIsAskedFor()
    {
        var shape = new ImageShape(1, 64, 64);
        var architecture = new CnnArchitecture(Layer.Conv(64, 1), Layer.Module(Module + ".Late"), Layer.MaxPool(32), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 1, Architecture = architecture }).Fit(Some.Keyed(_ml, 6, shape: shape));
        using var wide = model.With([ExtraColumn.Embedding(layer: "0")]);
        int Most(CnnTransformer transformer, string column)
        {
            _late.Clear();
            Read(transformer, 100, column, shape: shape);
            return _late.DefaultIfEmpty().Max();
        }

        int plain = Most(model, "Score"), asked = Most(wide, "Embedding");
        Assert.AreEqual(plain, Most(wide, "Score"));
        Assert.AreEqual(0, asked, "it ends before");
        _late.Clear();
        Read(wide, 100, "Score", "Embedding", shape: shape);
        Assert.IsLessThanOrEqualTo(plain / 2, _late.Max());
        Assert.AreEqual(100, _late.Sum());
    }

    private sealed class Both
    {
        public float[] Score { get; set; } = [];

        public float[] Early { get; set; } = [];
    }

    private CnnTransformer Trained()
    {
        var architecture = new CnnArchitecture(
            Layer.Module(Module + ".Early"), Layer.Conv(2, 3).Named("conv"), Layer.Module(Module + ".Late"), Layer.Flatten(), Layer.Output());
        var model = Some.Trained(_ml, Some.Options with
        {
            Architecture = architecture, Epochs = 1, ExtraColumns = [ExtraColumn.Logits(), ExtraColumn.TopK(1), ExtraColumn.Embedding(), ExtraColumn.Embedding("Early", "conv")],
        });
        _early.Clear();
        _late.Clear();
        return model;
    }

    private void Read(CnnTransformer model, int rows, params string[] columns) => Read(model, rows, columns, Some.Shape);

    private void Read(CnnTransformer model, int rows, string column, ImageShape shape) => Read(model, rows, [column], shape);

    private void Read(CnnTransformer model, int rows, string column, string other, ImageShape shape) => Read(model, rows, [column, other], shape);

    private void Read(CnnTransformer model, int rows, string[] columns, ImageShape shape)
    {
        var view = model.Transform(Some.Images(_ml, rows, shape: shape));
        using var cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        var reads = columns.Select(name => Reader(cursor, view.Schema[name])).ToList();
        while (cursor.MoveNext()) reads.ForEach(read => read());
    }

    private static Action Reader(DataViewRow row, DataViewSchema.Column column)
    {
        return column.Type switch
        {
            VectorDataViewType { ItemType: KeyDataViewType } => Of<VBuffer<uint>>(),
            VectorDataViewType => Of<VBuffer<float>>(),
            KeyDataViewType => Of<uint>(),
            _ => Of<ReadOnlyMemory<char>>(),
        };

        Action Of<T>()
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return () => getter(ref value);
        }
    }
}
