using System.Globalization;
using CnnMlNet.Tests.Scoring;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Sweeps;

[TestClass]
public sealed class SweepTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Seed = null };
    private static readonly SweepOptions Quick = new() { TestFraction = 0.25, Seed = 3 };
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Sweep_OneGoodLearningRate_FindsIt()
    {
        double[] rates = [1e-7, 1e-6, 1e-2, 1e-5];

        using var result = _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [.. rates.Select(Rate)], new SweepOptions { Folds = 3, HalvingFactor = null });

        Assert.AreEqual(2, result.Best.Candidate);
        Assert.AreEqual("Optimizer = Adam, learning rate 0.01", result.Best.Differences);
        Assert.IsGreaterThan(0.9, result.Best.Mean);
        Assert.HasCount(4, result.Runs);
        Assert.IsTrue(result.Runs.All(run => run.Folds.Count == 3 && run.Options.Epochs == 3));
        CollectionAssert.AreEqual(result.Runs.Select(run => run.Mean).OrderDescending().ToArray(), result.Runs.Select(run => run.Mean).ToArray());
        Assert.AreEqual(Optimizer.Adam(1e-2), result.Model.Model.History.Optimizer);
        Assert.AreEqual((60, 3), (result.Model.Model.History.TrainingRows, result.Model.Model.History.Epochs.Count), "the best is trained on all rows for all epochs");
    }

    [TestMethod]
    public void Sweep_Folds_AreTheMetricsOfStratifiedFolds()
    {
        var data = Some.Keyed(_ml);
        using var result = _ml.MulticlassClassification.Sweep(data, [Options], new SweepOptions { Folds = 3, Seed = 8, Metric = SweepMetric.LogLoss });

        double[] expected = [.. _ml.Data.StratifiedFolds(data, 3, seed: 8).Select(fold =>
        {
            using var model = new CnnTrainer(_ml, Options with { Seed = 8 }).Fit(fold.TrainSet);
            return _ml.MulticlassClassification.Evaluate(model.Transform(fold.TestSet)).LogLoss;
        })];

        CollectionAssert.AreEqual(expected, result.Best.Folds.ToArray());
        Assert.AreEqual(expected.Average(), result.Best.Mean);
        Assert.AreEqual(8, result.Model.Model.History.Seed);
    }

    [TestMethod]
    [DataRow(9, 9, "1*9 3*3 9*1")]
    [DataRow(4, 10, "3*4 10*1")]
    [DataRow(7, 3, "1*7 3*2")]
    [DataRow(2, 6, "6*2")]
    [DataRow(9, 1, "1*9")]
    public void Halving_FactorThree_RunsTheEpochsItSays(int candidates, int epochs, string rounds)
    {
        int trained = 0;
        var options = Options with { Epochs = epochs, OnEpochEnd = _ => trained++ };

        using var result = _ml.MulticlassClassification.Sweep(Some.Keyed(_ml, rows: 24), [.. Enumerable.Range(0, candidates).Select(i => options with { BatchSize = 6 + i })], Quick);

        var table = result.Runs.GroupBy(run => run.Round).OrderBy(round => round.Key).Select(round => round.ToList()).ToList();
        Assert.AreEqual(rounds, string.Join(' ', table.Select(round => $"{round.Select(run => run.Options.Epochs).Distinct().Single()}*{round.Count}")));
        foreach (var (sooner, later) in table.Zip(table.Skip(1)))
            CollectionAssert.AreEquivalent(sooner.Take(later.Count).Select(run => run.Candidate).ToArray(), later.Select(run => run.Candidate).ToArray(), "the best go on");
        Assert.AreEqual(result.Runs.Sum(run => run.Options.Epochs) + epochs, trained, "every run, and the best once more");
        Assert.HasCount(epochs, result.Model.Model.History.Epochs);
    }

    [TestMethod]
    public void Sweep_AnyNumberOfRuns_ReadsEachImageOnce()
    {
        var source = new RowSource(Some.Rows(60));

        using var result = _ml.MulticlassClassification.Sweep(Some.WithKeys(_ml, source), [Rate(1e-2), Rate(1e-3)], new SweepOptions { Folds = 3 });

        Assert.AreEqual(60, source.Images);
        Assert.AreEqual(source.Cursors, source.Disposed);
    }

    [TestMethod]
    public void Sweep_OfACache_TakesItAsItIs()
    {
        var source = new RowSource(Some.Rows(60));
        using var cache = _ml.Data.CacheImages(source);

        using var result = _ml.MulticlassClassification.Sweep(Some.WithKeys(_ml, cache), [Rate(1e-2), Rate(1e-3)], Quick);

        Assert.AreEqual((1, 60), (source.Cursors, source.Images));
        Assert.HasCount(60, Some.Scores(result.Model.Transform(cache)), "it is still alive");
    }

    [TestMethod]
    public void Sweep_SameSeed_GivesTheSame()
    {
        var data = Some.Keyed(_ml);
        using var first = Run(seed: 5);
        using var again = Run(seed: 5);
        using var other = Run(seed: 6);

        Assert.AreEqual(Text(first), Text(again));
        Assert.AreNotEqual(Text(first), Text(other));
        CollectionAssert.AreEqual(Some.FlatScores(first.Model.Transform(data)), Some.FlatScores(again.Model.Transform(data)));

        SweepResult Run(int seed) => new MLContext().MulticlassClassification.Sweep(
            data, random => Rate(Math.Pow(10, -4 * random.NextDouble())) with { BatchSize = 8 << random.Next(3) }, 4, new SweepOptions { Folds = 2, Seed = seed });

        string Text(SweepResult result) => string.Join('\n', result.Runs.Select(run => $"{run.Candidate} {run.Differences} {run.Options.Epochs} {string.Join(' ', run.Folds)}"));
    }

    [TestMethod]
    public void Sweep_CandidateThatDiverges_IsLast()
    {
        using var result = _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [Rate(1e-2) with { Optimizer = Optimizer.Sgd(1e6), PixelScaling = Huge }, Rate(1e-2)], Quick);

        Assert.AreEqual(1, result.Best.Candidate);
        var failed = result.Runs[^1];
        Assert.AreEqual((0, double.NaN), (failed.Candidate, failed.Mean));
        StringAssert.StartsWith(failed.Problem, "Training diverged: ");
        StringAssert.Contains(result.ToString(), "failed");
    }

    [TestMethod]
    public void Sweep_AllDiverge_SaysWhy()
    {
        var bad = Options with { Optimizer = Optimizer.Sgd(1e6), PixelScaling = Huge };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [bad, bad], Quick));
        StringAssert.StartsWith(error.Message, "All 2 candidates of round 0 failed. candidates[0]: Training diverged: ");
    }

    [EachCulture]
    public void Table_OfRuns_IsSortedAndInvariant()
    {
        using var result = _ml.MulticlassClassification.Sweep(
            Some.Keyed(_ml), [Rate(1e-6), Rate(1e-2) with { Architecture = CnnArchitecture.Mlp([4]) }, Rate(1e-2)], Quick);

        string[] lines = result.ToString().Split(Environment.NewLine);
        Assert.HasCount(5, lines);
        Assert.MatchesRegex(@"^Candidate  Epochs  MicroAccuracy  Folds   Seconds  Options$", lines[0]);
        Assert.MatchesRegex(@"^        \d       3         \d\.\d{4}  \d\.\d{4}      \d\.\d  Architecture = .*; .*, Optimizer = Adam, learning rate 0\.01$", lines[1]);
        Assert.AreEqual(result.Best.Mean.ToString("F4", CultureInfo.InvariantCulture), lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]);
        StringAssert.StartsWith(lines[2].TrimStart().Split(' ', 2)[1].TrimStart(), "1 ", "the first round has one epoch");
    }

    [TestMethod]
    public void Sweep_TwoClasses_RanksByTheirMetrics()
    {
        var rows = Some.Rows(40, classes: 2).Select(row => new Answer { Features = row.Features, Label = row.Label == "c1" }).ToList();
        foreach (var metric in new SweepMetric?[] { null, SweepMetric.AreaUnderRocCurve, SweepMetric.F1Score, SweepMetric.LogLoss })
        {
            using var result = _ml.BinaryClassification.Sweep(Some.View(_ml, rows), [Rate(1e-7), Rate(3e-2)], Quick with { Metric = metric });
            Assert.AreEqual((1, metric ?? SweepMetric.Accuracy), (result.Best.Candidate, result.Metric));
        }
    }

    [TestMethod]
    public void Sweep_Numbers_RanksByTheirMetrics()
    {
        var rows = Some.Rows(40).Select(row => new Amount { Features = row.Features, Label = row.Label[1] - '0' }).ToList();
        foreach (var metric in new SweepMetric?[] { null, SweepMetric.MeanAbsoluteError, SweepMetric.RSquared })
        {
            using var result = _ml.Regression.Sweep(Some.View(_ml, rows), [Rate(1e-7), Rate(1e-2)], new SweepOptions { Folds = 2, Metric = metric });
            Assert.AreEqual((1, metric ?? SweepMetric.RootMeanSquaredError), (result.Best.Candidate, result.Metric));
        }
    }

    [TestMethod]
    public void Sweep_Cancelled_EndsAndLeavesNothing()
    {
        Some.Trained(_ml).Dispose();   // whatever LibTorch makes once for the process
        GC.Collect();
        GC.WaitForPendingFinalizers();   // what other tests left
        long start = Tensor.TotalCount;
        Some.Trained(_ml).Dispose();
        long before = Tensor.TotalCount, miscounted = before - start;   // TorchSharp 0.102 and later count a module's parameters twice and their end once
        foreach (int after in new[] { 1, 2 })
        {
            using var source = new CancellationTokenSource();
            int runs = 0;
            var options = Quick with { CancellationToken = source.Token, OnRunEnd = _ => { if (++runs == after) source.Cancel(); } };
            Assert.ThrowsExactly<OperationCanceledException>(() => _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [Rate(1e-2), Rate(1e-3)], options));
            Assert.AreEqual(after, runs);
        }

        using var inFit = new CancellationTokenSource();
        var cancelling = Options with { OnBatchEnd = _ => inFit.Cancel() };
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [cancelling], Quick with { CancellationToken = inFit.Token }));
        _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), [Rate(1e-2), Rate(1e-3)], Quick).Dispose();

        Assert.AreEqual(before + miscounted * (1 + 2 + 1 + 3), Tensor.TotalCount, "networks of the two cancelled sweeps, of the cancelled training, and of the whole sweep");
    }

    private static PixelScaling Huge => PixelScaling.Fixed([0], [1e-30]);

    private static CnnTrainerOptions Rate(double learningRate) => Options with { Optimizer = Optimizer.Adam(learningRate) };

    private sealed class Answer
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Amount
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
