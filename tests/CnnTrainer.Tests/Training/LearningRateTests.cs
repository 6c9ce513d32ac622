using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training;

/// <summary>The search for a learning rate.</summary>
[TestClass]
public sealed class LearningRateTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Find_Rates_GrowByTheSameFactorFromFirstToLast()
    {
        var curve = Find(Some.Options, 1e-6, 1e-2, 9 + 4 * 4);
        Assert.HasCount(25, curve.Points);
        Assert.AreEqual(1e-6, curve.Points[0].LearningRate, 1e-18);
        Assert.AreEqual(1e-2, curve.Points[^1].LearningRate, 1e-15);
        for (int i = 1; i < 25; i++) Assert.AreEqual(Math.Pow(1e4, 1 / 24.0), curve.Points[i].LearningRate / curve.Points[i - 1].LearningRate, 1e-9);
    }

    [TestMethod]
    public void Find_SmoothedLosses_AreWeightedMeansOfTheLosses()
    {
        var curve = Find(Some.Options, 1e-5, 0.1, 30);
        for (int i = 0; i < 30; i++)
        {
            double sum = 0, weights = 0;
            for (int j = 0; j <= i; j++) (sum, weights) = (sum + Math.Pow(0.98, i - j) * curve.Points[j].Loss, weights + Math.Pow(0.98, i - j));
            Assert.AreEqual(sum / weights, curve.Points[i].SmoothedLoss, 1e-9);
        }
    }

    /// <summary>At tiny rates nothing has been learned yet, so the first loss is that of the first batch that Fit sees.</summary>
    [TestMethod]
    public void Find_FirstLosses_AreThoseOfFit()
    {
        var losses = new List<double>();
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e-12), Epochs = 2, ValidationFraction = 0.2 };
        using var model = Some.Trained(_ml, options with { OnBatchEnd = report => losses.Add(report.Loss) });
        var curve = Find(options, 1e-12, 10, 200);
        for (int i = 0; i < 6; i++) Assert.AreEqual(losses[i], curve.Points[i].Loss, 1e-6, $"batch {i}: rows, order and epochs of Fit");
    }

    [TestMethod]
    public void Find_Suggestion_LearnsWhereATenThousandthOfItDoesNot()
    {
        foreach (var make in new Func<double, Optimizer>[] { rate => Optimizer.Adam(rate), rate => Optimizer.Sgd(rate, 0.9), rate => Optimizer.RmsProp(rate) })
        {
            var curve = Find(Some.Options with { Optimizer = make(1) });
            Assert.IsTrue(curve.Points.Any(point => point.LearningRate < curve.Suggestion) && curve.Points.Any(point => point.LearningRate > curve.Suggestion));
            using var found = Some.Trained(_ml, Some.Options with { Optimizer = make(curve.Suggestion), Epochs = 15 });
            using var tiny = Some.Trained(_ml, Some.Options with { Optimizer = make(curve.Suggestion / 1e4), Epochs = 15 });
            Assert.IsGreaterThan(0.95, found.Model.History.Epochs[^1].Accuracy!.Value, $"{make(1)}: {curve.Suggestion}");
            Assert.IsLessThan(0.9, tiny.Model.History.Epochs[^1].Accuracy!.Value);
        }
    }

    [TestMethod]
    public void Find_RateThatIsFarTooLarge_EndsTheCurve()
    {
        var linear = new CnnArchitecture(Layer.Flatten(), Layer.Output());
        var random = new Random(1);
        var noise = Some.WithKeys(_ml, Some.View(_ml, Some.Rows().Select(row => new ImageRow { Features = row.Features, Label = "c" + random.Next(3) }).ToList()));
        var curve = new CnnTrainer(_ml, Some.Options with { Architecture = linear, Optimizer = Optimizer.Sgd() }).FindLearningRate(noise, 1e-4, 1e6);
        Assert.IsLessThan(100, curve.Points.Count);
        Assert.IsTrue(curve.Points.All(point => double.IsFinite(point.SmoothedLoss)));
        double best = curve.Points.Min(point => point.SmoothedLoss);
        Assert.IsTrue(curve.Points.SkipLast(1).All(point => point.SmoothedLoss <= 4 * best), "only the last point may be that far up");
    }

    [TestMethod]
    public void Find_SameSeed_GivesTheSameCurveAndAnotherSeedAnother()
    {
        var first = Find(Some.Options with { Architecture = Some.AllLayers });
        CollectionAssert.AreEqual(first.Points.ToArray(), Find(Some.Options with { Architecture = Some.AllLayers }).Points.ToArray());
        CollectionAssert.AreNotEqual(first.Points.ToArray(), Find(Some.Options with { Architecture = Some.AllLayers, Seed = 8 }).Points.ToArray());
    }

    [TestMethod]
    public void Find_BetweenTwoFits_LeavesNoTrace()
    {
        var options = Some.Options with { Architecture = Some.AllLayers, OnBatchEnd = _ => { }, OnEpochEnd = _ => { } };
        var before = options with { };
        var trainer = new CnnTrainer(_ml, options);
        using var first = trainer.Fit(Some.Keyed(_ml));
        long miscounted = LeakTests.Miscounted(Some.AllLayers, outputs: 3), tensors = Tensor.TotalCount;
        _ = trainer.FindLearningRate(Some.Keyed(_ml));
        Assert.AreEqual(tensors + miscounted, Tensor.TotalCount);
        using var second = trainer.Fit(Some.Keyed(_ml));
        Assert.AreEqual(before, options);
        CollectionAssert.AreEqual(Some.FlatScores(first.Transform(Some.Images(_ml))), Some.FlatScores(second.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void Find_OwnModulesBinaryHeadsAndClipping_AreThoseOfFit()
    {
        CnnModules.Register("LearningRateTests.Block", input => new OwnNetworks.Block(input.Channels));
        var own = new CnnArchitecture(Layer.Module("LearningRateTests.Block"), Layer.Flatten(), Layer.Output());
        Assert.IsGreaterThan(0, Find(Some.Options with { Architecture = own }).Suggestion);
        Assert.IsGreaterThan(0, new CnnTrainer(_ml, Some.Options with { Head = Head.Binary() }).FindLearningRate(YesOrNo.Images(_ml)).Suggestion);
        var free = Find(Some.Options with { Optimizer = Optimizer.Sgd() });
        CollectionAssert.AreNotEqual(free.Points.ToArray(), Find(Some.Options with { Optimizer = Optimizer.Sgd(), GradientClipping = GradientClipping.ByNorm(0.01) }).Points.ToArray());
    }

    [TestMethod]
    public void Find_WhereNothingIsLearned_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Find(Some.Options with { BatchSize = 60 }, 1e-12, 1e-10, 20));
        StringAssert.Contains(error.Message, "The loss does not fall at any of 20 learning rates from 1E-12 to 1E-10");
        Assert.ThrowsExactly<InvalidOperationException>(() => Find(Some.Options with { Optimizer = Optimizer.Sgd() }, 1e4, 1e6, 20));
    }

    [TestMethod]
    public void Find_ArgumentsOutOfRange_AreErrors()
    {
        var trainer = new CnnTrainer(_ml, Some.Options);
        var data = Some.Keyed(_ml);
        Assert.ThrowsExactly<ArgumentNullException>(() => trainer.FindLearningRate(null!));
        foreach (var (from, to, steps, name) in new (double, double, int, string)[]
        {
            (0, 1, 100, "from"), (double.NaN, 1, 100, "from"), (1, 1, 100, "to"), (1, double.NaN, 100, "to"), (1, 1e7, 100, "to"), (0.1, 1, 9, "steps"), (0.1, 1, 10_001, "steps"),
        })
        {
            Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.FindLearningRate(data, from, to, steps)).ParamName);
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => trainer.FindLearningRate(_ml.Data.FilterRowsByMissingValues(Some.Keyed(_ml, classes: 1), "Features")));
    }

    [TestMethod]
    public void Find_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => Find(Some.Options with { CancellationToken = source.Token }));
    }

    [EachCulture]
    public void Curve_Text_IsATableWithTheSuggestion()
    {
        var lines = Find(Some.Options, 1e-4, 0.5, 20).ToString().Split(Environment.NewLine);
        StringAssert.Matches(lines[0], new(@"^Suggestion: 0\.\d+$"));
        Assert.AreEqual("     rate       loss   smoothed", lines[1]);
        StringAssert.Matches(lines[2], new(@"^ 1\.00e-04 +\d\.\d+ +\d\.\d+$"));
        Assert.HasCount(1, lines.Where(line => line.EndsWith(" *", StringComparison.Ordinal)));
    }

    private LearningRateCurve Find(CnnTrainerOptions options, double from = 1e-7, double to = 10, int steps = 100) =>
        new CnnTrainer(_ml, options).FindLearningRate(Some.Keyed(_ml), from, to, steps);
}
