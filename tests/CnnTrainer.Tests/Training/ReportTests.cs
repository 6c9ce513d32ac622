using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>When reports come, that nobody's looking changes anything, and how all of it prints itself.</summary>
[TestClass]
public sealed class ReportTests
{
    private readonly MLContext _ml = Some.Context();
    private readonly List<BatchReport> _batches = [];

    [TestMethod]
    [DataRow(1, "1 2 3 4 5 6 7 8 9 10")]
    [DataRow(3, "3 6 9 10")]
    [DataRow(5, "5 10")]
    [DataRow(10, "10")]
    [DataRow(11, "10")]
    [DataRow(int.MaxValue, "10")]
    public void ReportEvery_OfTenBatches_CallsThatOftenAndAtTheEnd(int every, string expected)
    {
        using var model = Some.Trained(_ml, Some.Options with { BatchSize = 6, Epochs = 2, ReportEvery = every, OnBatchEnd = _batches.Add });
        Assert.AreEqual($"{expected} {expected}", string.Join(' ', _batches.Select(report => report.Batch)));
        foreach (var last in _batches.Where(report => report.Batch == 10))
        {
            Assert.AreEqual(model.Model.History.Epochs[last.Epoch - 1].Loss, last.EpochLoss);
            Assert.AreEqual(model.Model.History.Epochs[last.Epoch - 1].Metrics, last.EpochMetrics);
        }
    }

    [TestMethod]
    public void Reports_WhoeverLooks_ChangeNeitherWeightsNorHistory()
    {
        var options = Some.Options with { Architecture = Some.AllLayers, BatchSize = 6, ValidationFraction = 0.2 };
        using var quiet = Some.Trained(_ml, options);
        foreach (int every in new[] { 1, 3, 100 })
        {
            using var watched = Some.Trained(_ml, options with { ReportEvery = every, OnBatchEnd = _ => { }, OnEpochEnd = _ => { } });
            CollectionAssert.AreEqual(ModelZip.Trained(ModelZip.Save(_ml, quiet)), ModelZip.Trained(ModelZip.Save(_ml, watched)));
            Assert.AreEqual(quiet.Model.History, watched.Model.History);
        }
    }

    [TestMethod]
    public void Reports_MoreBatchesThanAreReadAtOnce_CountEveryRow()
    {
        using var quiet = Some.Trained(_ml, Some.Options with { BatchSize = 1, Epochs = 2 });
        double sum = 0;
        using var watched = Some.Trained(_ml, Some.Options with { BatchSize = 1, Epochs = 2, OnBatchEnd = report => sum += report.Epoch == 2 ? report.Loss : 0 });
        Assert.AreEqual(sum / 60, quiet.Model.History.Epochs[1].Loss, 1e-9);
    }

    [TestMethod]
    public void Remaining_BeyondATimeSpan_IsItsMaximum()
    {
        using var source = new CancellationTokenSource();
        using var model = new CnnTrainer(_ml, Some.Options with
        {
            Epochs = int.MaxValue,
            BatchSize = 1,
            CancellationToken = source.Token,
            OnBatchEnd = report =>
            {
                _batches.Add(report);
                if (_batches.Count == 1) Thread.Sleep(600);
                if (_batches.Count == 2) source.Cancel();
            },
        }).Fit(Some.Keyed(_ml, rows: 3000));
        Assert.AreEqual(int.MaxValue, _batches[1].Epochs);
        Assert.AreEqual(TimeSpan.MaxValue, _batches[1].Remaining, "0.3 s for each of 6e12 rows are 60,000 years");
    }

    [TestMethod]
    public void BatchSize_BeyondAllRows_IsOneBatch()
    {
        using var model = Some.Trained(_ml, Some.Options with { BatchSize = int.MaxValue, ValidationFraction = 0.2, OnBatchEnd = _batches.Add });
        using var exact = Some.Trained(_ml, Some.Options with { BatchSize = 48, ValidationFraction = 0.2 });
        Assert.IsTrue(_batches.All(report => report is { Batch: 1, Batches: 1 }));
        CollectionAssert.AreEqual(Some.FlatScores(exact.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void OnEpochEnd_WaitsForAFitOnAnotherThread_Returns()
    {
        CnnModules.Register("ReportTests.Draws", _ => new OwnNetworks.Draws());
        var own = Some.Options with { Architecture = new CnnArchitecture(Layer.Module("ReportTests.Draws"), Layer.Flatten(), Layer.Output()), Epochs = 1 };
        foreach (var options in new[] { Some.Options with { Epochs = 1 }, own })
        {
            var fit = Task.Run(() =>
            {
                using var model = Some.Trained(Some.Context(), options with
                {
                    OnBatchEnd = report =>
                    {
                        if (report.Batch == 2) Task.Factory.StartNew(() => Some.Trained(Some.Context(), options).Dispose(), default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait();
                    },
                    OnEpochEnd = _ => Task.Factory.StartNew(() => Some.Trained(Some.Context(), options).Dispose(), default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(),
                });
            });
            Assert.IsTrue(fit.Wait(TimeSpan.FromMinutes(1)), "a deadlock");
        }
    }

    [EachCulture]
    public void Text_OfReportsAndHistory_IsReadable()
    {
        var accuracy = new MetricCollection([KeyValuePair.Create("accuracy", 0.931)]);
        var plain = new EpochReport { Epoch = 3, Loss = 0.21014, Metrics = accuracy, Seconds = 1.42 };
        var validated = plain with { ValidationLoss = 0.234, ValidationMetrics = new([KeyValuePair.Create("accuracy", 0.927)]) };
        var batch = new BatchReport
        {
            Epoch = 3, Epochs = 10, Batch = 25, Batches = 100, Loss = 0.2101, EpochLoss = 0.234, EpochMetrics = accuracy, ImagesPerSecond = 5120.4, Remaining = TimeSpan.FromSeconds(9),
        };
        Assert.AreEqual("Epoch 3: loss 0.2101, accuracy 0.9310, 1.4 s", plain.ToString());
        Assert.AreEqual("Epoch 3: loss 0.2101, accuracy 0.9310, validation loss 0.2340, validation accuracy 0.9270, 1.4 s", validated.ToString());
        Assert.AreEqual("Epoch 3/10, batch 25/100: loss 0.2101, in the epoch 0.2340, accuracy 0.9310, 5120 images/s", batch.ToString());
        Assert.AreEqual("accuracy 0.9310", accuracy.ToString());
        var history = History(plain) with { ValidationRows = 12, Optimizer = Optimizer.Sgd(0.05, momentum: 0.9) };
        Assert.AreEqual(
            "Completed after 1 epochs: 48 training rows, 12 validation rows, batches of 16, SGD with momentum 0.9, learning rate 0.05, seed 7, cpu, 2 threads" +
            $"{Environment.NewLine}{plain}", history.ToString());
    }

    [EachCulture]
    public void Text_OfOptimizersAndHeads_IsReadable()
    {
        Assert.AreEqual("Adam, learning rate 0.001", Optimizer.Adam().ToString());
        Assert.AreEqual("SGD, learning rate 0.01, weight decay 0.5", Optimizer.Sgd(weightDecay: 0.5).ToString());
        Assert.AreEqual("SGD with Nesterov momentum 0.95, learning rate 0.01", Optimizer.Sgd(momentum: 0.95, nesterov: true).ToString());
        ParameterGroup[] groups = [new() { Path = "stem", LearningRateFactor = 0.5 }, new() { Path = "head", WeightDecay = 0.25 }];
        Assert.AreEqual("Adam, learning rate 0.001, 'stem' at 0.5 times the rate, 'head' at 1 times the rate, weight decay 0.25", (Optimizer.Adam() with { Groups = groups }).ToString());
        Assert.AreEqual("Multiclass Binary", $"{Head.Multiclass()} {Head.Binary()}");
    }

    [TestMethod]
    public void Equality_OfHistories_IsByContentWithoutDurations()
    {
        EpochReport Epoch(double accuracy) => new() { Epoch = 1, Loss = 1, Metrics = new([KeyValuePair.Create("accuracy", accuracy)]), Seconds = Random.Shared.NextDouble() };
        Assert.AreEqual(History(Epoch(0.5)), History(Epoch(0.5)));
        Assert.AreEqual(History(Epoch(0.5)).GetHashCode(), History(Epoch(0.5)).GetHashCode());
        Assert.AreNotEqual(History(Epoch(0.5)), History(Epoch(0.6)));
        Assert.AreNotEqual(History(Epoch(0.5)), History(Epoch(0.5), Epoch(0.5)));
        Assert.AreNotEqual(History(Epoch(0.5)), History(Epoch(0.5)) with { Optimizer = Optimizer.Sgd() });
        Assert.AreNotEqual(Epoch(0.5), Epoch(0.5) with { ValidationMetrics = MetricCollection.None });
    }

    [TestMethod]
    public void Metrics_ByName_AreFoundOrTold()
    {
        var metrics = new MetricCollection([KeyValuePair.Create("accuracy", 0.5), KeyValuePair.Create("recall", 0.25)]);
        Assert.AreEqual(0.25, metrics["recall"]);
        Assert.IsNull(metrics.Find("Recall"));
        Assert.AreEqual("There is no metric 'f1'; there are: accuracy, recall.", Assert.ThrowsExactly<KeyNotFoundException>(() => metrics["f1"]).Message);
        Assert.AreEqual(2, metrics.Count);
        Assert.AreEqual(metrics, new MetricCollection(metrics));
        Assert.AreEqual(metrics.GetHashCode(), new MetricCollection(metrics).GetHashCode());
        Assert.AreNotEqual(metrics, new MetricCollection(metrics.Reverse()));
    }

    private static TrainingHistory History(params EpochReport[] epochs) => new()
    {
        Epochs = epochs, StopReason = StopReason.Completed, Seed = 7, Threads = 2, Device = "cpu", BatchSize = 16, Optimizer = Optimizer.Adam(), TrainingRows = 48, ValidationRows = 0,
    };
}
