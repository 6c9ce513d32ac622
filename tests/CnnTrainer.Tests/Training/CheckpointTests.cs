using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>A training that ends before its time and goes on from its checkpoint, against one that was never stopped: bit for bit.</summary>
[TestClass]
public sealed class CheckpointTests : IDisposable
{
    private readonly MLContext _ml = Some.Context();
    private readonly TempFolder _folder = new();

    public static IEnumerable<object[]> Trainings =>
    [
        ["plain", Some.Options],
        ["dropout and batch normalisation", Some.Options with { Architecture = Some.AllLayers }],
        ["momentum", Some.Options with { Optimizer = Optimizer.Sgd(0.1, momentum: 0.9) }],
        ["average", Some.Options with { WeightAveraging = WeightAveraging.Exponential(0.9), ValidationFraction = 0.2 }],
        ["early stopping", Some.Options with { EarlyStopping = EarlyStopping.OnLoss(patience: 2), ValidationFraction = 0.2, Optimizer = Optimizer.Adam(0.3) }],
        ["accumulated batches", Some.Options with { BatchSize = 4, AccumulateBatches = 3 }],
        ["own module", Some.Options with { Architecture = new(Layer.Module("CheckpointTests.Block"), Layer.Flatten(), Layer.Output()) }],
        ["frozen", Some.Options with { Frozen = ["0"] }],
    ];

    [TestInitialize]
    public void Register() => CnnModules.Register("CheckpointTests.Block", input => new OwnNetworks.Block(input.Channels));

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Trainings))]
    public void Resume_AfterAnyEpochOrBatch_GivesTheBitsOfOneNeverStopped(string name, CnnTrainerOptions options)
    {
        options = options with { Epochs = 5 };
        using var uninterrupted = Some.Trained(_ml, options);
        foreach (var (epoch, batch) in new[] { (1, int.MaxValue), (2, 1), (3, 3), (4, int.MaxValue) })
        {
            var checkpoints = options with { Checkpoints = Checkpoints.In(_folder.File($"{epoch}-{batch}"), everyEpochs: 1, every: TimeSpan.FromTicks(1)) };
            if (options.EarlyStopping is null || uninterrupted.Model.History.Epochs.Count > epoch) Kill(checkpoints, epoch, batch);
            using var resumed = Some.Trained(_ml, checkpoints);
            CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed), $"{name}, stopped in epoch {epoch}");
            Assert.AreEqual(uninterrupted.Model.History, resumed.Model.History, $"{name}, stopped in epoch {epoch}");
        }
    }

    [TestMethod]
    public void Resume_FromACancelledRun_GoesOn()
    {
        using var source = new CancellationTokenSource();
        var options = Some.Options with { Architecture = Some.AllLayers, Checkpoints = Checkpoints.In(_folder.File("run"), everyEpochs: 100) };
        using var cancelled = Some.Trained(_ml, options with
        {
            CancellationToken = source.Token,
            OnBatchEnd = report => Cancel(source, report is { Epoch: 2, Batch: 2 }),
        });
        Assert.AreEqual(StopReason.Cancelled, cancelled.Model.History.StopReason);
        using var resumed = Some.Trained(_ml, options);
        using var uninterrupted = Some.Trained(_ml, options with { Checkpoints = null });
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
        Assert.HasCount(12, resumed.Model.History.BatchLosses);
    }

    [TestMethod]
    public void Resume_OfAFinishedRun_TrainsNoMoreUnlessThereAreMoreEpochs()
    {
        var options = Some.Options with { Checkpoints = Checkpoints.In(_folder.File("run")) };
        Some.Trained(_ml, options).Dispose();
        int batches = 0;
        using var again = Some.Trained(_ml, options with { OnBatchEnd = _ => batches++ });
        Assert.AreEqual(0, batches);
        Assert.HasCount(3, again.Model.History.Epochs);
        using var more = Some.Trained(_ml, options with { Epochs = 5, OnBatchEnd = _ => batches++ });
        Assert.AreEqual(8, batches, "two epochs of four batches");
        using var uninterrupted = Some.Trained(_ml, Some.Options with { Epochs = 5 });
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(more));
    }

    [TestMethod]
    public void Folder_OfAnotherTraining_IsAnErrorThatSaysWhatDiffers()
    {
        var options = Some.Options with { Checkpoints = Checkpoints.In(_folder.File("run")) };
        Some.Trained(_ml, options).Dispose();
        foreach (var (other, words) in new[]
        {
            (options with { Seed = 8 }, "seed: 7 there, 8 now"), (options with { BatchSize = 20 }, "batch size: 16 there, 20 now"),
            (options with { Optimizer = Optimizer.Sgd() }, "optimizer: Adam"), (options with { Shuffle = false }, "shuffle: none there, off now"),
            (options with { Architecture = Some.AllLayers }, "model: "), (options with { ValidationFraction = 0.5 }, "training rows: 60"),
        })
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, other));
            StringAssert.Contains(error.Message, words);
            StringAssert.Contains(error.Message, "resume: false");
        }

        using var anew = Some.Trained(_ml, options with { Seed = 8, Checkpoints = Checkpoints.In(_folder.File("run"), resume: false) });
        Assert.AreEqual(8, anew.Model.History.Seed);
        Assert.HasCount(2, Directory.GetFiles(_folder.File("run")));
    }

    [TestMethod]
    public void Folder_KeepsTheNewest_AndNothingHalfWritten()
    {
        Some.Trained(_ml, Some.Options with { Epochs = 9, Checkpoints = Checkpoints.In(_folder.File("run"), everyEpochs: 2, keep: 3) }).Dispose();
        CollectionAssert.AreEqual(
            new[] { "epoch-0000006-batch-000000000.checkpoint", "epoch-0000008-batch-000000000.checkpoint", "epoch-0000009-batch-000000000.checkpoint" },
            Directory.GetFileSystemEntries(_folder.File("run")).Select(Path.GetFileName).Order().ToArray());
    }

    [TestMethod]
    public void Newest_IsDamaged_TheOneBeforeIsUsedAndTheLogSaysSo()
    {
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add($"{entry.Kind} {entry.Message}");
        var options = Some.Options with { Checkpoints = Checkpoints.In(_folder.File("run")) };
        Some.Trained(_ml, options).Dispose();
        var files = Directory.GetFiles(_folder.File("run")).Order().ToArray();
        var bytes = File.ReadAllBytes(files[^1]);
        bytes[^100] ^= 1;
        File.WriteAllBytes(files[^1], bytes);
        using var resumed = Some.Trained(_ml, options);
        using var uninterrupted = Some.Trained(_ml, Some.Options);
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
        Assert.IsTrue(log.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(files[^1], StringComparison.Ordinal)), string.Join('\n', log));

        foreach (var file in Directory.GetFiles(_folder.File("run"))) File.WriteAllBytes(file, [1, 2, 3]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Some.Trained(_ml, options)).Message, "Delete them");
    }

    [TestMethod]
    public void Options_OutOfRange_AreAllNamed()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { Checkpoints = Checkpoints.In(" ", everyEpochs: 0, every: TimeSpan.Zero, keep: 0) }));
        foreach (var words in new[] { "the folder is empty", "every 0 epochs", "every 00:00:00", "0 are kept" }) StringAssert.Contains(error.Message, words);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { Checkpoints = Checkpoints.In("x", everyEpochs: null) })).Message, "neither");
    }

    /// <summary>The process does not die, but nothing after the last checkpoint survives: an exception ends the training.</summary>
    private void Kill(CnnTrainerOptions options, int epoch, int batch) => Assert.ThrowsExactly<FormatException>(() => Some.Trained(_ml, options with
    {
        OnBatchEnd = report => Throw(report.Epoch == epoch && report.Batch == batch),
        OnEpochEnd = report => Throw(report.Epoch == epoch),
    }));

    private static void Throw(bool now)
    {
        if (now) throw new FormatException("killed");
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now) source.Cancel();
    }
}
