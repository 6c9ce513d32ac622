using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>What training reports: every row counts, in the reports and in the history that is kept.</summary>
[TestClass]
public sealed class HistoryTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void History_LastBatchIsPartial_CountsEveryRowOnce()
    {
        const int Rows = 50, BatchSize = 16;
        var batches = new List<BatchReport>();
        using var model = new CnnTrainer(_ml, Some.Options with { BatchSize = BatchSize, OnBatchEnd = batches.Add }).Fit(Some.Keyed(_ml, Rows));
        foreach (var epoch in model.Model.History.Epochs)
        {
            var own = batches.Where(report => report.Epoch == epoch.Epoch).ToArray();
            double loss = own.Sum(report => report.Loss * Math.Min(BatchSize, Rows - (report.Batch - 1) * BatchSize)) / Rows;
            Assert.AreEqual(loss, epoch.Loss, 1e-9);
            Assert.AreEqual(own[^1].EpochLoss, epoch.Loss);
            Assert.AreEqual(own[^1].EpochAccuracy, epoch.Accuracy);
            Assert.AreEqual(Math.Round(epoch.Accuracy!.Value * Rows), epoch.Accuracy.Value * Rows, 1e-9, "a share of all rows");
        }
    }

    [TestMethod]
    public void History_ResultOfTraining_SaysHowItCameAbout()
    {
        using var model = Some.Trained(_ml, Some.Options with { Threads = 1, ValidationFraction = 0.2 });
        var history = model.Model.History;
        Assert.HasCount(3, history.Epochs);
        Assert.AreEqual(StopReason.Completed, history.StopReason);
        Assert.AreEqual(7, history.Seed);
        Assert.AreEqual(1, history.Threads);
        Assert.AreEqual("cpu", history.Device);
        Assert.AreEqual(16, history.BatchSize);
        Assert.AreEqual(Some.Options.Optimizer, history.Optimizer);
        Assert.AreEqual(48, history.TrainingRows);
        Assert.AreEqual(12, history.ValidationRows);
    }

    [TestMethod]
    public void Callbacks_EachBatchAndEpoch_ComeInOrder()
    {
        var calls = new List<string>();
        using var model = Some.Trained(_ml, Some.Options with
        {
            Epochs = 2,
            BatchSize = 40,
            OnBatchEnd = report => calls.Add($"batch {report.Epoch}/{report.Epochs} {report.Batch}/{report.Batches}"),
            OnEpochEnd = report => calls.Add($"epoch {report.Epoch}"),
        });
        CollectionAssert.AreEqual(new[] { "batch 1/2 1/2", "batch 1/2 2/2", "epoch 1", "batch 2/2 1/2", "batch 2/2 2/2", "epoch 2" }, calls);
    }

    [TestMethod]
    public void Callbacks_Values_AreSane()
    {
        var batches = new List<BatchReport>();
        var epochs = new List<EpochReport>();
        using var model = Some.Trained(_ml, Some.Options with { Epochs = 8, OnBatchEnd = batches.Add, OnEpochEnd = epochs.Add });
        foreach (var report in batches)
        {
            Assert.IsTrue(double.IsFinite(report.Loss) && report.Loss > 0);
            Assert.IsTrue(report.EpochAccuracy is >= 0 and <= 1);
            Assert.IsTrue(report.ImagesPerSecond > 0);
            Assert.IsTrue(report.Remaining >= TimeSpan.Zero);
        }

        Assert.AreEqual(Math.Log(3), batches[0].Loss, 0.5, "an untrained network knows nothing");
        Assert.AreEqual(TimeSpan.Zero, batches[^1].Remaining);
        Assert.IsTrue(epochs[^1].Loss < epochs[0].Loss);
        Assert.IsTrue(epochs[^1].Accuracy > 0.9);
        Assert.IsTrue(epochs.All(report => report is { ValidationLoss: null, ValidationAccuracy: null, Seconds: > 0 }));
        CollectionAssert.AreEqual(epochs.ToArray(), model.Model.History.Epochs.ToArray());
    }

    [TestMethod]
    public void Callback_ThatThrows_ReachesTheCaller()
    {
        var thrown = new FormatException("mine");
        Assert.AreSame(thrown, Assert.ThrowsExactly<FormatException>(() => Some.Trained(_ml, Some.Options with { OnEpochEnd = _ => throw thrown })));
        Assert.AreSame(thrown, Assert.ThrowsExactly<FormatException>(() => Some.Trained(_ml, Some.Options with { OnBatchEnd = _ => throw thrown })));
        using var model = Some.Trained(_ml);   // and the next training is none the worse
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
    }
}
