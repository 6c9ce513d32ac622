using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnMlNet.Tests.Features;

/// <summary>ml.Transforms.CnnFeatures: a trained network as a featuriser in a pipeline.</summary>
[TestClass]
public sealed class CnnFeaturesTests
{
    private static CnnTransformer s_model = null!;

    private readonly MLContext _ml = Some.Context();

    private sealed class Features
    {
        public float[] CnnFeatures { get; set; } = [];
    }

    [ClassInitialize]
    public static void Fit(TestContext context) => s_model = Some.Trained(Some.Context(), Some.Options with { Epochs = 10 });

    [ClassCleanup]
    public static void Dispose() => s_model.Dispose();

    [TestMethod]
    public void CnnFeatures_AnyLayer_AddsThatEmbeddingAlone()
    {
        foreach (var (layer, path, size) in new[] { (null, "3", 64), ("0", "0", 256), ("2", "2", 64), ("4", "4", 3) })
        {
            using var features = _ml.Transforms.CnnFeatures(s_model, layer).Fit(Some.Images(_ml));
            using var embedded = s_model.With([ExtraColumn.Embedding(layer: path)]);
            var made = features.Transform(Some.Images(_ml));
            CollectionAssert.AreEqual(new[] { "Features", "Label", "CnnFeatures" }, made.Schema.Select(column => column.Name).ToArray());
            Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, size), made.Schema["CnnFeatures"].Type);
            CollectionAssert.AreEqual(Some.FlatScores(embedded.Transform(Some.Images(_ml)), "Embedding"), Some.FlatScores(made, "CnnFeatures"));
        }
    }

    [TestMethod]
    public void Pipeline_TrainerAfterIt_LearnsFromTheFeatures()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.CnnFeatures(s_model)).Append(new NearestMean("CnnFeatures"));
        using var fitted = pipeline.Fit(Some.Images(_ml));
        var scored = fitted.Transform(Some.Images(_ml, 45, seed: 2));
        Assert.HasCount(45, scored.GetColumn<uint>("Label").ToArray());
        Assert.AreEqual(1.0, fitted.LastTransformer.Accuracy(scored), 0.05);
    }

    [TestMethod]
    public void Schema_BeforeAndAfterFit_Agree()
    {
        var last = new NearestMean("CnnFeatures");
        using var fitted = _ml.Transforms.CnnFeatures(s_model).Append(last).Fit(Some.Keyed(_ml));
        var promised = last.Input!.Single(column => column.Name == "CnnFeatures");
        Assert.AreEqual((SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single, false), (promised.Kind, promised.ItemType, promised.IsKey));
        Assert.IsEmpty(promised.Annotations);
        Assert.IsFalse(last.Input!.Any(column => column.Name == "Score"));
        Assert.IsEmpty(fitted.GetOutputSchema(Some.Keyed(_ml).Schema)["CnnFeatures"].Annotations.Schema);
    }

    [TestMethod]
    public void Load_SavedPipeline_GivesTheSameFeatures()
    {
        using var folder = new TempFolder();
        using var fitted = _ml.Transforms.StandardScale("Features").Append(_ml.Transforms.CnnFeatures(s_model, "1", "Map")).Fit(Some.Images(_ml));
        _ml.Model.Save(fitted, Some.Images(_ml).Schema, folder.File("features.zip"));
        var loaded = new MLContext().Model.Load(folder.File("features.zip"), out _);
        var (before, after) = (fitted.Transform(Some.Images(_ml)), loaded.Transform(Some.Images(_ml)));
        CollectionAssert.AreEqual(Some.FlatScores(before, "Map"), Some.FlatScores(after, "Map"));
        Assert.AreEqual(before.Schema.ToString(), after.Schema.ToString());
        ((IDisposable)loaded).Dispose();
    }

    [TestMethod]
    public void Load_FeaturizerOfAnyColumnName_MayHaveThatOfAColumnItLeavesOut()
    {
        using var features = _ml.Transforms.CnnFeatures(s_model, outputColumnName: "Score").Fit(Some.Images(_ml));
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, features));
        Assert.HasCount(64, Some.Scores(loaded.Transform(Some.Images(_ml)))[0]);
    }

    [TestMethod]
    public void PredictionEngine_Featurizer_GivesTheFeatures()
    {
        using var features = _ml.Transforms.CnnFeatures(s_model).Fit(Some.Images(_ml));
        var expected = Some.Scores(features.Transform(Some.Images(_ml, 3)), "CnnFeatures");
        using var engine = _ml.Model.CreatePredictionEngine<ImageRow, Features>(features, inputSchemaDefinition: Some.Definition<ImageRow>());
        foreach (var (i, row) in Some.Rows(3).Index())
            foreach (var (one, other) in expected[i].Zip(engine.Predict(row).CnnFeatures)) Assert.AreEqual(one, other, 1e-5f);
    }

    [TestMethod]
    public void CnnFeatures_ModelWithViews_TakesTheirMean()
    {
        using var augmented = s_model.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal());
        using var features = _ml.Transforms.CnnFeatures(augmented).Fit(Some.Images(_ml));
        using var embedded = augmented.With([ExtraColumn.Embedding()]);
        CollectionAssert.AreEqual(
            Some.FlatScores(embedded.Transform(Some.Images(_ml)), "Embedding"), Some.FlatScores(features.Transform(Some.Images(_ml)), "CnnFeatures"));
    }

    [TestMethod]
    public void Dispose_ModelOrPipeline_LeavesTheOther()
    {
        var model = Some.Trained(_ml);
        var estimator = _ml.Transforms.CnnFeatures(model);
        var (first, second) = (estimator.Fit(Some.Images(_ml)), estimator.Fit(Some.Images(_ml)));
        first.Dispose();
        Assert.HasCount(60, Some.Scores(model.Transform(Some.Images(_ml))));
        model.Dispose();
        Assert.HasCount(60, Some.Scores(second.Transform(Some.Images(_ml)), "CnnFeatures"));
        Assert.ThrowsExactly<ObjectDisposedException>(() => estimator.Fit(Some.Images(_ml)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => _ml.Transforms.CnnFeatures(model));
        second.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => second.Transform(Some.Images(_ml)));
    }

    [TestMethod]
    public void Fit_Featurizer_TakesNoTensors()
    {
        using var first = _ml.Transforms.CnnFeatures(s_model).Fit(Some.Images(_ml));
        Some.FlatScores(first.Transform(Some.Images(_ml)), "CnnFeatures");
        long before = torch.Tensor.TotalCount;
        using var second = _ml.Transforms.CnnFeatures(s_model).Fit(Some.Images(_ml));
        Some.FlatScores(second.Transform(Some.Images(_ml)), "CnnFeatures");
        Assert.AreEqual(before, torch.Tensor.TotalCount, "the weights are shared");
    }

    [EachCulture]
    public void CnnFeatures_BadArguments_Throw()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.CnnFeatures(s_model, "conv"));
        StringAssert.EndsWith(error.Message, "ExtraColumns[0].Layer is 'conv', which is no layer's path. There are: 0, 1, 2, 3, 4.");
        StringAssert.EndsWith(
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.CnnFeatures(s_model, outputColumnName: "Features")).Message,
            "FeatureColumnName and ExtraColumns[0].Name are both 'Features'.");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.CnnFeatures(s_model, outputColumnName: " "));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Transforms.CnnFeatures(null!));
        var estimator = _ml.Transforms.CnnFeatures(s_model);
        Assert.ThrowsExactly<ArgumentNullException>(() => estimator.Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => estimator.GetOutputSchema(null!));
    }

    [TestMethod]
    public void Fit_OtherImages_SaysWhatIsWrong()
    {
        var estimator = _ml.Transforms.CnnFeatures(s_model);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Some.Images(_ml, shape: new(1, 9, 8))));
        var without = _ml.Transforms.SelectColumns("Label").Fit(Some.Images(_ml)).Transform(Some.Images(_ml));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(without)).Message, "Could not find the feature column 'Features'.");
    }
}
