using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>How rows are cut into batches, and where BatchNorm cannot work with what is left.</summary>
[TestClass]
public sealed class BatchTests
{
    private readonly MLContext _ml = Some.Context();
    private readonly List<BatchReport> _batches = [];

    [TestMethod]
    public void Fit_BatchLargerThanTheData_IsOneFullBatch()
    {
        using var model = Fit(Some.Options with { BatchSize = 1000 }, rows: 60);
        Assert.HasCount(3, _batches);
        Assert.IsTrue(_batches.All(report => report is { Batch: 1, Batches: 1 }));
    }

    [TestMethod]
    public void Fit_BatchOfOne_TakesEveryRow()
    {
        using var model = Fit(Some.Options with { BatchSize = 1, Epochs = 1 }, rows: 12);
        CollectionAssert.AreEqual(Enumerable.Range(1, 12).ToArray(), _batches.Select(report => report.Batch).ToArray());
    }

    [TestMethod]
    public void Fit_LastBatchIsPartial_IsTrainedOn()
    {
        using var model = Fit(Some.Options with { BatchSize = 25, Epochs = 2 }, rows: 60);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 1, 2, 3 }, _batches.Select(report => report.Batch).ToArray());
        Assert.IsTrue(_batches.All(report => report.Batches == 3));
    }

    [TestMethod]
    public void Fit_LastBatchIsDropped_IsTrainedOnFullOnesAlone()
    {
        var options = Some.Options with { BatchSize = 25, Epochs = 2, DropLastBatch = true };
        using var model = Fit(options, rows: 60);
        CollectionAssert.AreEqual(new[] { 1, 2, 1, 2 }, _batches.Select(report => report.Batch).ToArray());
        Assert.IsTrue(_batches.All(report => report.Batches == 2));
        Assert.AreEqual(TimeSpan.Zero, _batches[^1].Remaining);
        using var kept = Fit(options with { DropLastBatch = false }, rows: 60);
        CollectionAssert.AreNotEqual(Some.FlatScores(kept.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void Fit_LastBatchDroppedAndValidationSmaller_ValidatesOnEveryRow()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { BatchSize = 25, DropLastBatch = true }).Fit(Some.Keyed(_ml), Some.Keyed(_ml, rows: 7));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Some.Keyed(_ml, rows: 7)));
        Assert.AreEqual(metrics.LogLoss, model.Model.History.Epochs[^1].ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void Fit_LastBatchDroppedAndNoFullOne_SaysSo()
    {
        var options = Some.Options with { BatchSize = 50, DropLastBatch = true, ValidationFraction = 0.2 };   // 48 of 60 rows are left
        Assert.AreEqual(
            "DropLastBatch leaves no batch: 48 training rows do not fill one of 50. Choose a smaller BatchSize, or keep the last batch.",
            Assert.ThrowsExactly<ArgumentException>(() => Fit(options, rows: 60)).Message);
        Assert.IsEmpty(_batches);
    }

    [TestMethod]
    public void Fit_BatchNormOfOneValueAndLastBatchOfOneDropped_Trains()
    {
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(5), Layer.BatchNorm(), Layer.Relu(), Layer.Output());
        using var model = Fit(Some.Options with { Architecture = architecture, BatchSize = 20, DropLastBatch = true }, rows: 61);
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
        Assert.ThrowsExactly<ArgumentException>(() => Fit(Some.Options with { Architecture = architecture, BatchSize = 1, DropLastBatch = true }, rows: 60));
    }

    [TestMethod]
    public void Fit_BatchNormOfOneValueAndLastBatchOfOne_NamesTheLayer()
    {
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(5), Layer.BatchNorm(), Layer.Relu(), Layer.Output());
        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(Some.Options with { Architecture = architecture, BatchSize = 20 }, rows: 61));
        Assert.AreEqual(
            "Layer 3 (BatchNorm) has one value a channel for each row ([5]), so it needs at least 2 rows in every batch, " +
            "but 61 training rows in batches of 20 end in a batch of 1: change BatchSize.",
            error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => Fit(Some.Options with { Architecture = architecture, BatchSize = 1 }, rows: 60));
        Assert.IsEmpty(_batches);
    }

    [TestMethod]
    public void Fit_BatchNormOfOneValueAndLastBatchOfTwo_Trains()
    {
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(5), Layer.BatchNorm(), Layer.Relu(), Layer.Output());
        using var model = Fit(Some.Options with { Architecture = architecture, BatchSize = 20 }, rows: 62);
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
    }

    [TestMethod]
    public void Fit_BatchNormOnImagesAndLastBatchOfOne_Trains()
    {
        var architecture = new CnnArchitecture(Layer.Conv(3, 3), Layer.BatchNorm(), Layer.Relu(), Layer.Flatten(), Layer.Output());
        var data = Some.Keyed(_ml, 21);
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = architecture, BatchSize = 20 }).Fit(data);
        Assert.IsTrue(Some.FlatScores(model.Transform(data)).All(float.IsFinite));
    }

    [TestMethod]
    public void Fit_BatchNormAndValidationOfOneRow_Works()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = Some.AllLayers, BatchSize = 20 })
            .Fit(Some.Keyed(_ml), _ml.Data.TakeRows(Some.Keyed(_ml, seed: 2), 1));
        Assert.AreEqual(1, model.Model.History.ValidationRows);
        Assert.IsTrue(double.IsFinite(model.Model.History.Epochs[^1].ValidationLoss!.Value));
    }

    [TestMethod]
    public void Fit_EightImages_AreLearnedByHeart()
    {
        var random = new Random(3);
        var rows = Some.Rows(8, classes: 4).ToList();
        foreach (var row in rows) row.Features = [.. row.Features.Select(_ => random.NextSingle())];
        var data = Some.WithKeys(_ml, Some.View(_ml, rows));
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 150, BatchSize = 8, Architecture = CnnArchitecture.Simple }).Fit(data);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        Assert.AreEqual(1.0, model.Model.History.Epochs[^1].Accuracy);
    }

    private CnnTransformer Fit(CnnTrainerOptions options, int rows) =>
        new CnnTrainer(_ml, options with { OnBatchEnd = _batches.Add }).Fit(Some.Keyed(_ml, rows));
}
