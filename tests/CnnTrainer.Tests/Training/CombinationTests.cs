using System.Globalization;
using System.Text.Json;
using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>Options that meet each other; <see cref="RandomOptionsTests"/> has those that only have to get along.</summary>
[TestClass]
public sealed class CombinationTests : IDisposable
{
    private readonly MLContext _ml = Some.Context();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void OneCycle_AccumulatedAndDroppedBatches_EndsAtItsLastRate()
    {
        foreach (var (accumulate, drop) in new[] { (1, false), (1, true), (2, false), (2, true), (3, true), (int.MaxValue, false) })
        {
            using var model = Some.Trained(_ml, Some.Options with { Schedule = Schedule.OneCycle(), AccumulateBatches = accumulate, DropLastBatch = drop });
            Assert.AreEqual(1e-2 / 25 / 1e4, model.Model.History.Epochs[^1].LearningRate, 1e-15, $"{accumulate} {drop}");
        }
    }

    [TestMethod]
    public void OneCycle_OptimizerWithoutAMomentumOfItsOwn_GetsThatOfTheCycle()
    {
        foreach (var optimizer in new[] { Optimizer.Sgd(0.1), Optimizer.RmsProp(1e-3) })
        {
            using var with = Some.Trained(_ml, Some.Options with { Optimizer = optimizer, Schedule = Schedule.OneCycle() });
            using var without = Some.Trained(_ml, Some.Options with { Optimizer = optimizer, Schedule = Schedule.OneCycle(cycleMomentum: false) });
            CollectionAssert.AreNotEqual(Weights.Of(without), Weights.Of(with), optimizer.ToString());
        }
    }

    [TestMethod]
    public void Cancelled_WhileItValidates_GoesOnWithTheBitsOfOneNeverStopped()
    {
        var options = Some.Options with { Architecture = Some.AllLayers, ValidationFraction = 0.2, WeightAveraging = WeightAveraging.Exponential(0.9), Epochs = 4 };
        using var uninterrupted = Some.Trained(_ml, options);
        using (var source = new CancellationTokenSource())
        {
            using var cancelled = Some.Trained(_ml, options with
            {
                CancellationToken = source.Token, Checkpoints = Checkpoints.In(_folder.Path),
                OnBatchEnd = report => Cancel(source, report.Epoch == 3 && report.Batch == report.Batches),
            });
            Assert.AreEqual(StopReason.Cancelled, cancelled.Model.History.StopReason);
            Assert.HasCount(2, cancelled.Model.History.Epochs, "the third was trained, but not validated");
            Assert.AreEqual(cancelled.Model.History.BestEpoch, cancelled.Model.History.RestoredEpoch);
        }

        using var resumed = Some.Trained(_ml, options with { Checkpoints = Checkpoints.In(_folder.Path) });
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
        Assert.AreEqual(uninterrupted.Model.History, resumed.Model.History);
    }

    [TestMethod]
    public void TimeBudget_TooSmallForMoreThanAStep_IsAStepEachTimeUntilTheEnd()
    {
        var options = Some.Options with { BatchSize = 30, TimeBudget = TimeSpan.FromTicks(1), Checkpoints = Checkpoints.In(_folder.Path) };
        using var uninterrupted = Some.Trained(_ml, options with { Checkpoints = null, TimeBudget = null });
        for (int run = 1; run < 6; run++)
        {
            using var model = Some.Trained(_ml, options);
            Assert.AreEqual(StopReason.TimeBudget, model.Model.History.StopReason);
            Assert.HasCount(run, model.Model.History.BatchLosses);
        }

        using var last = Some.Trained(_ml, options);
        Assert.AreEqual(StopReason.Completed, last.Model.History.StopReason);
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(last));
    }

    [TestMethod]
    public void StartFromFrozenAveragedAndKilled_GivesTheBitsOfOneNeverStopped()
    {
        using var source = Some.Trained(_ml, Some.Options with { Architecture = Some.AllLayers });
        using var other = Some.Trained(_ml, Some.Options with { Architecture = Some.AllLayers, Seed = 8 });
        var options = Some.Options with
        {
            Architecture = Some.AllLayers, StartFrom = StartFrom.MatchingWeights(source.Model), Frozen = ["0", "1"], WeightAveraging = WeightAveraging.Exponential(0.9),
            ExtraColumns = [ExtraColumn.Embedding()], AccumulateBatches = 2,
        };
        using var uninterrupted = Some.Trained(_ml, options);
        options = options with { Checkpoints = Checkpoints.In(_folder.Path, every: TimeSpan.FromTicks(1)) };
        Assert.ThrowsExactly<FormatException>(() => Some.Trained(_ml, options with { OnBatchEnd = report => Throw(report is { Epoch: 2, Batch: 3 }) }));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options with { StartFrom = StartFrom.MatchingWeights(other.Model) })).Message, "first weights: ");
        using var resumed = Some.Trained(_ml, options);
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
        CollectionAssert.AreEqual(Weights.Of(source, "0.weight"), Weights.Of(resumed, "0.weight"), "frozen");
        Assert.AreEqual(uninterrupted.Model.History, resumed.Model.History);
        CollectionAssert.AreEqual(Some.FlatScores(uninterrupted.Transform(Some.Images(_ml)), "Embedding"), Some.FlatScores(resumed.Transform(Some.Images(_ml)), "Embedding"));
    }

    [TestMethod]
    public void FindLearningRate_WhatFitDoesToBatches_IsDoneToo()
    {
        using var source = Some.Trained(_ml, Some.Options with { Seed = 8 });
        var plain = Find(Some.Options);
        foreach (var options in new[]
        {
            Some.Options with { Augmentation = Augmentation.Of(Augment.Shift(2)) }, Some.Options with { AccumulateBatches = 2 }, Some.Options with { StartFrom = StartFrom.Model(source.Model) },
            Some.Options with { DropLastBatch = true }, Some.Options with { Frozen = ["0"] },
        })
        {
            var points = Find(options);
            CollectionAssert.AreNotEqual(plain, points, options.ToString());
            CollectionAssert.AreEqual(points, Find(options), "the same seed");
        }

        var tail = Some.Options with { Architecture = Some.AllLayers, BatchSize = 59, DropLastBatch = true };
        Assert.IsNotEmpty(Find(tail), "a last batch of one row, which BatchNorm cannot take, is dropped");
    }

    [EachCulture]
    public void History_OfARegression_IsTheSameTextInEveryLanguage()
    {
        var data = Heads.Brightness.View(_ml, Heads.Brightness.Rows(40));
        var options = Some.Options with { Head = Head.Regression(), ValidationFraction = 0.25, EarlyStopping = EarlyStopping.OnLoss(2, 0.5), WeightAveraging = WeightAveraging.Exponential(0.75), Schedule = Schedule.OneCycle() };
        using var model = new CnnTrainer(_ml, options).Fit(data);
        var history = model.Model.History;
        var lines = history.ToCsv().TrimEnd('\n').Split('\n');
        Assert.AreEqual("epoch,loss,mean absolute error,root mean squared error,validation loss,validation mean absolute error,validation root mean squared error,learning rate,seconds,images per second", lines[0]);
        foreach (var (line, epoch) in lines.Skip(1).Zip(history.Epochs))
        {
            var values = line.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            CollectionAssert.AreEqual(new[] { epoch.Epoch, epoch.Loss, epoch.Metrics["mean absolute error"], epoch.Metrics["root mean squared error"], epoch.ValidationLoss!.Value }, values[..5]);
            Assert.IsGreaterThan(0, values[9]);
        }

        CollectionAssert.AreEqual(history.BatchLosses.ToArray(), history.ToBatchCsv().TrimEnd('\n').Split('\n').Skip(1).Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToArray());
        using var json = JsonDocument.Parse(history.ToJson());
        Assert.AreEqual(history.BestEpoch, json.RootElement.GetProperty("bestEpoch").GetInt32());
        StringAssert.Contains(history.ToString(), "weight averaging exponential, decay 0.75");
        StringAssert.Contains(history.ToString(), "early stopping after 2 epochs without a better validation loss by 0.5");
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        Assert.AreEqual(history.ToJson(), loaded.Model.History.ToJson(), "versions, options, times and all");
        Assert.IsNotEmpty(loaded.Model.History.Versions);
    }

    private LearningRatePoint[] Find(CnnTrainerOptions options) => [.. new CnnTrainer(_ml, options).FindLearningRate(Some.Keyed(_ml), 1e-5, 1, 30).Points];

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now) source.Cancel();
    }

    private static void Throw(bool now)
    {
        if (now) throw new FormatException();
    }
}
