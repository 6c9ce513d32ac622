using CnnMlNet.Tests.Scoring;
using CnnMlNet.Tests.Splits;
using Microsoft.ML;

namespace CnnMlNet.Tests.Caching;

/// <summary>Trainings on a cache: whether they share its images, and that what they learn is what they learn without it, bit for bit.</summary>
[TestClass]
public sealed class SharedImagesTests
{
    private readonly MLContext _ml = Some.Context();
    private int _shared;

    [TestInitialize]
    public void CountSharing() => _ml.Log += (_, entry) => _shared += entry.Message.Contains("none was copied", StringComparison.Ordinal) ? 1 : 0;

    [TestMethod]
    public void CrossValidate_OnACache_ReadsTheSourceOnce()
    {
        var source = new RowSource(Some.Rows(90));
        using var cache = _ml.Data.CacheImages(source);

        var folds = _ml.MulticlassClassification.CrossValidate(cache, Pipeline(), numberOfFolds: 5, seed: 1);

        Assert.HasCount(5, folds);
        Assert.AreEqual(90, folds.Sum(fold => Some.Scores(fold.ScoredHoldOutSet).Length));
        Assert.AreEqual((1, 90, 90), (source.Cursors, source.Pulled, source.Images));
        Assert.AreEqual(5, _shared);
        Dispose(folds);
    }

    [TestMethod]
    public void CrossValidate_OnACache_GivesTheSameBits()
    {
        var source = Some.Images(_ml, rows: 60);
        using var cache = _ml.Data.CacheImages(source);

        var expected = _ml.MulticlassClassification.CrossValidate(source, Pipeline(), numberOfFolds: 3, seed: 1);
        Assert.AreEqual(0, _shared);
        var actual = _ml.MulticlassClassification.CrossValidate(cache, Pipeline(), numberOfFolds: 3, seed: 1);

        Assert.AreEqual(3, _shared);
        foreach (var (with, without) in actual.Zip(expected))
        {
            CollectionAssert.AreEqual(Some.FlatScores(without.ScoredHoldOutSet), Some.FlatScores(with.ScoredHoldOutSet));
            Assert.AreEqual(without.Metrics.LogLoss, with.Metrics.LogLoss);
        }

        Dispose(expected);
        Dispose(actual);
    }

    /// <summary>What passes the feature column through, and the ids of rows.</summary>
    [TestMethod]
    [DataRow("all")]
    [DataRow("TakeRows")]
    [DataRow("SkipRows")]
    [DataRow("ShuffleRows")]
    [DataRow("TrainTestSplit")]
    [DataRow("StratifiedTrainTestSplit")]
    [DataRow("StratifiedFolds")]
    [DataRow("another column")]
    [DataRow("a copy")]
    public void Fit_BehindWhatPassesImagesThrough_SharesThem(string what)
    {
        var view = ViewOf(what);
        AssertSame(data => view(Some.WithKeys(_ml, data)), Some.Options with { FeatureColumnName = what == "a copy" ? "Copy" : "Features" }, shares: true);
    }

    /// <summary>What makes other images of them, or numbers its rows anew: they are read as without a cache.</summary>
    [TestMethod]
    [DataRow("StandardScale")]
    [DataRow("Cache")]
    [DataRow("changed pixels")]
    [DataRow("one changed pixel")]
    public void Fit_BehindWhatMakesOtherRows_CopiesThem(string what)
    {
        var view = ViewOf(what);
        AssertSame(data => view(Some.WithKeys(_ml, data)), Some.Options, shares: false);
    }

    [TestMethod]
    public void Fit_EveryUseOfRows_GivesTheSameBits() => AssertSame(
        data => _ml.Data.SkipRows(Some.WithKeys(_ml, data), 7),
        Some.Options with
        {
            ValidationFraction = 0.2, PixelScaling = PixelScaling.Standard(), DropLastBatch = true,
            Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Rotate(5), Augment.Mixup()),
        },
        shares: true);

    [TestMethod]
    public void Fit_ValidationRowsOfTheSameCache_AreSharedToo()
    {
        var source = new RowSource(Some.Rows(60));
        using var cache = _ml.Data.CacheImages(source);
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(Some.WithKeys(_ml, cache), 0.2, seed: 1);
        var (plainTrain, plainTest) = _ml.Data.StratifiedTrainTestSplit(Some.Keyed(_ml), 0.2, seed: 1);

        using var expected = new CnnTrainer(_ml, Some.Options).Fit(plainTrain, plainTest);
        using var model = new CnnTrainer(_ml, Some.Options).Fit(train, test);

        Assert.AreEqual(expected.Model.History.Epochs[^1].ValidationLoss, model.Model.History.Epochs[^1].ValidationLoss);
        Assert.AreEqual(60, source.Images);
    }

    [TestMethod]
    public void Fit_CheckpointOfRowsWithoutCache_GoesOnWithIt()
    {
        using var folder = new TempFolder();
        using var cache = _ml.Data.CacheImages(Some.Keyed(_ml));
        var options = Some.Options with { Checkpoints = Checkpoints.In(folder.Path) };
        var killed = options with { OnEpochEnd = report => { if (report.Epoch == 2) throw new FormatException(); } };
        Assert.ThrowsExactly<FormatException>(() => new CnnTrainer(_ml, killed).Fit(Some.Keyed(_ml)));
        using var expected = Some.Trained(_ml);

        using var model = new CnnTrainer(_ml, options).Fit(cache);

        Assert.HasCount(3, model.Model.History.Epochs);
        CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(cache)), Some.FlatScores(model.Transform(cache)));
    }

    [TestMethod]
    public void Fit_CacheDisposedMeanwhile_EndsWell()
    {
        using var expected = Some.Trained(_ml);
        var cache = _ml.Data.CacheImages(Some.Keyed(_ml));

        using var model = new CnnTrainer(_ml, Some.Options with { OnBatchEnd = _ => cache.Dispose() }).Fit(cache);

        Assert.AreEqual(1, _shared);
        CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
        Assert.ThrowsExactly<ObjectDisposedException>(() => new CnnTrainer(_ml, Some.Options).Fit(cache));
    }

    [TestMethod]
    public void Fit_CacheNobodyDisposes_IsFreedByTheCollector()
    {
        var forgotten = Forget();
        for (int i = 0; i < 10 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsFalse(forgotten.IsAlive, "nothing but its owner holds a cache");

        WeakReference Forget()
        {
            var cache = _ml.Data.CacheImages(Some.Keyed(_ml));
            new CnnTrainer(_ml, Some.Options).Fit(cache).Dispose();
            return new WeakReference(cache);
        }
    }

    [TestMethod]
    public void Fit_FromSeveralThreads_ShareOneCache()
    {
        using var expected = Some.Trained(_ml);
        using var cache = _ml.Data.CacheImages(Some.Keyed(_ml));
        var scores = new float[3][];

        Parallel.For(0, 3, i =>
        {
            using var model = new CnnTrainer(_ml, Some.Options).Fit(cache);
            scores[i] = Some.FlatScores(model.Transform(cache));
        });

        foreach (var each in scores) CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(Some.Images(_ml))), each);
    }

    private IEstimator<ITransformer> Pipeline() =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Cnn(Some.Options));

    private Func<IDataView, IDataView> ViewOf(string what) => what switch
    {
        "all" => data => data,
        "TakeRows" => data => _ml.Data.TakeRows(data, 40),
        "SkipRows" => data => _ml.Data.SkipRows(data, 20),
        "ShuffleRows" => data => _ml.Data.ShuffleRows(data, seed: 5, shuffleSource: false),
        "TrainTestSplit" => data => _ml.Data.TrainTestSplit(data, 0.3, seed: 5).TrainSet,
        "StratifiedTrainTestSplit" => data => _ml.Data.StratifiedTrainTestSplit(data, 0.3, seed: 5).TrainSet,
        "StratifiedFolds" => data => _ml.Data.StratifiedFolds(data, 4, seed: 5)[2].TrainSet,
        "another column" => data => _ml.Transforms.CopyColumns("Other", "Label").Fit(data).Transform(data),
        "a copy" => data => _ml.Transforms.CopyColumns("Copy", "Features").Fit(data).Transform(data),
        "StandardScale" => data => _ml.Transforms.StandardScale("Features").Fit(data).Transform(data),
        "Cache" => data => _ml.Data.Cache(_ml.Data.SkipRows(data, 20)),
        "changed pixels" => data => new Brighter(data, from: 0),
        _ => data => new Brighter(data, from: 59),
    };

    /// <summary>Trains on a view of a cache and on the same view of its source.</summary>
    private void AssertSame(Func<IDataView, IDataView> view, CnnTrainerOptions options, bool shares)
    {
        using var cache = _ml.Data.CacheImages(Some.Images(_ml));
        var plain = view(Some.Images(_ml));

        using var expected = new CnnTrainer(_ml, options).Fit(plain);
        Assert.AreEqual(0, _shared);
        using var model = new CnnTrainer(_ml, options).Fit(view(cache));

        Assert.AreEqual(shares ? 1 : 0, _shared);
        Assert.AreEqual(expected.Model.History.TrainingRows, model.Model.History.TrainingRows);
        CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(plain)), Some.FlatScores(model.Transform(plain)));
    }

    private static void Dispose<T>(IEnumerable<TrainCatalogBase.CrossValidationResult<T>> folds) where T : class
    {
        foreach (var fold in folds) (fold.Model as IDisposable)?.Dispose();
    }
}
