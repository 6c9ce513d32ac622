using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Catalog;

[TestClass]
public sealed class CnnCatalogTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed class Sighted
    {
        public float[] Pixels { get; set; } = [];

        public bool Class { get; set; }
    }

    private sealed class Measured
    {
        public float[] Pixels { get; set; } = [];

        public float Size { get; set; }
    }

    [TestMethod]
    public void Cnn_EveryArgument_HasItsEffect()
    {
        var data = Renamed();

        using var model = _ml.MulticlassClassification.Trainers.Cnn(
            "Class", "Pixels", new ImageShape(1, 8, 8), Some.Network, epochs: 2, batchSize: 25, learningRate: 0.02).Fit(data);

        var history = model.Model.History;
        Assert.AreEqual("Pixels", model.FeatureColumnName);
        Assert.AreEqual(new ImageShape(1, 8, 8), model.Model.ImageShape);
        Assert.HasCount(5, model.Model.Architecture.Layers);
        Assert.HasCount(2, history.Epochs);
        Assert.AreEqual((25, 0.02), (history.BatchSize, history.Optimizer.LearningRate));
        Assert.AreEqual("c0 c1 c2", string.Join(' ', model.Model.ClassNames));
    }

    [TestMethod]
    public void Cnn_BinaryWithEveryArgument_HasItsEffect()
    {
        var schema = SchemaDefinition.Create(typeof(Sighted));
        schema["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        var data = _ml.Data.LoadFromEnumerable(Some.Rows().Select(row => new Sighted { Pixels = row.Features, Class = row.Label == "c1" }).ToList(), schema);

        using var model = _ml.BinaryClassification.Trainers.Cnn(
            "Class", "Pixels", new ImageShape(1, 8, 8), Some.Network, epochs: 2, batchSize: 25, learningRate: 0.02).Fit(data);

        var history = model.Model.History;
        Assert.AreEqual("Pixels", model.FeatureColumnName);
        Assert.HasCount(5, model.Model.Architecture.Layers);
        Assert.HasCount(2, history.Epochs);
        Assert.AreEqual((25, 0.02), (history.BatchSize, history.Optimizer.LearningRate));
        Assert.AreEqual("False True", string.Join(' ', model.Model.ClassNames));
    }

    [TestMethod]
    public void Cnn_RegressionWithEveryArgument_HasItsEffect()
    {
        var schema = SchemaDefinition.Create(typeof(Measured));
        schema["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        var data = _ml.Data.LoadFromEnumerable(Some.Rows().Select(row => new Measured { Pixels = row.Features, Size = 10 * row.Label[1] }).ToList(), schema);

        using var model = _ml.Regression.Trainers.Cnn(
            "Size", "Pixels", new ImageShape(1, 8, 8), Some.Network, epochs: 2, batchSize: 25, learningRate: 0.02).Fit(data);

        var history = model.Model.History;
        Assert.AreEqual("Pixels", model.FeatureColumnName);
        Assert.HasCount(5, model.Model.Architecture.Layers);
        Assert.HasCount(2, history.Epochs);
        Assert.AreEqual((25, 0.02), (history.BatchSize, history.Optimizer.LearningRate));
        Assert.IsEmpty(model.Model.ClassNames);
    }

    [TestMethod]
    public void Cnn_NoArgument_HasTheDocumentedDefaults()
    {
        using var model = _ml.MulticlassClassification.Trainers.Cnn().Fit(Some.Keyed(_ml, rows: 12));

        var defaults = new CnnTrainerOptions();
        var history = model.Model.History;
        Assert.AreEqual("Features", model.FeatureColumnName);
        Assert.AreEqual("Score PredictedLabel", $"{model.ScoreColumnName} {model.PredictedLabelColumnName}");
        CollectionAssert.AreEqual(CnnArchitecture.Simple.Layers.ToArray(), model.Model.Architecture.Layers.ToArray());
        Assert.HasCount(10, history.Epochs);
        Assert.AreEqual(64, history.BatchSize);
        Assert.AreEqual(defaults.Optimizer, history.Optimizer);
        Assert.AreEqual((defaults.Epochs, defaults.BatchSize), (history.Epochs.Count, history.BatchSize));
    }

    [TestMethod]
    public void Cnn_WithOptions_EqualsTheTrainerItself()
    {
        var data = Some.Keyed(_ml);

        using var fromCatalog = _ml.MulticlassClassification.Trainers.Cnn(Some.Options).Fit(data);
        using var made = new CnnTrainer(_ml, Some.Options).Fit(data);

        CollectionAssert.AreEqual(Some.FlatScores(made.Transform(data)), Some.FlatScores(fromCatalog.Transform(data)));
    }

    [TestMethod]
    public void Cnn_EveryOption_HasItsEffect()
    {
        int batches = 0, epochs = 0;
        var data = Renamed();
        var options = new CnnTrainerOptions
        {
            LabelColumnName = "Class", FeatureColumnName = "Pixels", ScoreColumnName = "Probabilities", PredictedLabelColumnName = "Guess",
            ImageShape = new(1, 8, 8), Architecture = Some.Network, Epochs = 2, BatchSize = 20, Optimizer = Optimizer.Sgd(0.05, momentum: 0.5),
            Shuffle = false, ValidationFraction = 0.2, Seed = 11, Threads = 1, Device = ComputeDevice.Cpu,
            OnBatchEnd = _ => batches++, OnEpochEnd = _ => epochs++,
        };

        using var model = _ml.MulticlassClassification.Trainers.Cnn(options).Fit(data);

        var history = model.Model.History;
        Assert.IsNotNull(model.Transform(data).Schema.GetColumnOrNull("Probabilities"));
        Assert.IsNotNull(model.Transform(data).Schema.GetColumnOrNull("Guess"));
        Assert.AreEqual(new ImageShape(1, 8, 8), model.Model.ImageShape, "a plain vector of 64 is that only where it is told so");
        CollectionAssert.AreEqual(Some.Network.Layers.ToArray(), model.Model.Architecture.Layers.ToArray());
        Assert.AreEqual((48L, 12L), (history.TrainingRows, history.ValidationRows));
        Assert.AreEqual((6, 2), (batches, epochs));
        Assert.HasCount(2, history.Epochs);
        Assert.AreEqual((11, 1, "cpu", 20), (history.Seed, history.Threads, history.Device, history.BatchSize));
        Assert.AreEqual(options.Optimizer, history.Optimizer);
        Assert.AreEqual(StopReason.Completed, history.StopReason);
        var scores = Some.Scores(model.Transform(data), "Probabilities").SelectMany(row => row).ToArray();
        CollectionAssert.AreEqual(scores, Trained(options), "the same options learn the same");
        CollectionAssert.AreNotEqual(scores, Trained(options with { Shuffle = true }));
        CollectionAssert.AreNotEqual(scores, Trained(options with { Seed = 12 }));
    }

    [TestMethod]
    public void Cnn_CancellationToken_EndsTheTraining()
    {
        using var stop = new CancellationTokenSource();

        using var model = _ml.MulticlassClassification.Trainers.Cnn(
            Some.Options with { Epochs = 5, OnEpochEnd = _ => stop.Cancel(), CancellationToken = stop.Token }).Fit(Some.Keyed(_ml));

        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.HasCount(1, model.Model.History.Epochs);
    }

    [TestMethod]
    public void Cnn_SeedOfTheContext_ReachesTheTrainer()
    {
        using var model = new MLContext(42).MulticlassClassification.Trainers.Cnn(Some.Options with { Seed = null, Epochs = 1 }).Fit(Some.Keyed(_ml));

        Assert.AreEqual(42, model.Model.History.Seed);
    }

    [TestMethod]
    public void Cnn_BadArguments_AreToldAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => _ml.MulticlassClassification.Trainers.Cnn("Label", "Label", new ImageShape(0, 8, 8), epochs: 0, batchSize: -1, learningRate: 0));

        foreach (var problem in new[] { "are both 'Label'", "ImageShape is 0 x 8 x 8", "Epochs is 0", "BatchSize is -1", "learning rate is 0" })
            StringAssert.Contains(error.Message, problem);
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.MulticlassClassification.Trainers.Cnn((CnnTrainerOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => CnnCatalog.Cnn((MulticlassClassificationCatalog.MulticlassClassificationTrainers)null!, new CnnTrainerOptions()));
    }

    [TestMethod]
    public void Load_InAFreshContext_ReadsAPipelineOfBoth()
    {
        using var folder = new TempFolder();
        var data = Some.Images(_ml);
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.StandardScale("Features"))
            .Append(_ml.MulticlassClassification.Trainers.Cnn(Some.Options)).Fit(data);
        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));

        var loaded = new MLContext().Model.Load(folder.File("model.zip"), out _);

        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(data)), Some.FlatScores(loaded.Transform(data)));
        (loaded as IDisposable)?.Dispose();
    }

    /// <summary>Columns of other names than the defaults; a plain vector of 64 values, which is 1 x 8 x 8 only where it is told so.</summary>
    private IDataView Renamed() => _ml.Transforms.CopyColumns("Class", "Label").Append(_ml.Transforms.Concatenate("Pixels", "Features"))
        .Append(_ml.Transforms.SelectColumns("Class", "Pixels")).Fit(Some.Keyed(_ml)).Transform(Some.Keyed(_ml));

    private float[] Trained(CnnTrainerOptions options)
    {
        using var model = _ml.MulticlassClassification.Trainers.Cnn(options).Fit(Renamed());
        return [.. Some.Scores(model.Transform(Renamed()), options.ScoreColumnName).SelectMany(row => row)];
    }
}
