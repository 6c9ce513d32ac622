using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.ClassReports;

/// <summary>ml.MulticlassClassification.ClassReport and ml.BinaryClassification.ClassReport.</summary>
[TestClass]
public sealed class ClassReportTests
{
    private static readonly string[] Pets = ["cat", "dog", "fish"];

    private readonly MLContext _ml = Some.Context();

    private sealed record Told(string Label, [property: VectorType(3)] float[] Score, string PredictedLabel);

    private sealed record YesNo(bool Label, float Probability, bool PredictedLabel);

    [TestMethod]
    public void Report_TrainedNetwork_IsWhatEvaluateSays()
    {
        using var model = Some.Trained(_ml);
        var scored = model.Transform(Some.Keyed(_ml, seed: 2));
        var (report, metrics) = (_ml.MulticlassClassification.ClassReport(scored), _ml.MulticlassClassification.Evaluate(scored));
        Assert.AreEqual(metrics.MicroAccuracy, report.Accuracy, 1e-12);
        Assert.AreEqual(metrics.MacroAccuracy, report.MacroAverage.Recall, 1e-12);
        Assert.AreEqual(metrics.LogLoss, report.LogLoss, 1e-9);
        CollectionAssert.AreEqual(new[] { "c0", "c1", "c2" }, report.Classes.Select(score => score.Name).ToArray());
        Assert.AreEqual((60L, 0L), (report.Rows, report.RowsWithoutLabel));
    }

    [TestMethod]
    public void Report_AfterMapKeyToValue_FindsClassesByName()
    {
        using var model = Some.Trained(_ml);
        var scored = model.Transform(Some.Keyed(_ml, seed: 2));
        var expected = _ml.MulticlassClassification.ClassReport(scored).ToJson();
        var back = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Append(_ml.Transforms.Conversion.MapKeyToValue("Label")).Fit(scored).Transform(scored);
        Assert.AreEqual(expected, _ml.MulticlassClassification.ClassReport(back).ToJson());
    }

    [TestMethod]
    public void Report_NoNames_CountsFromZero()
    {
        var report = _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, ScoredView.Certain(2, (0, 1), (1, 1)), null, size: 2));
        CollectionAssert.AreEqual(new[] { "0", "1" }, report.Classes.Select(score => score.Name).ToArray());
    }

    [EachCulture]
    public void MostConfused_Pair_ReadsAsASentence()
    {
        var report = _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, ScoredView.Certain(2, (0, 1), (0, 0), (0, 0), (1, 1)), null, size: 2));
        Assert.AreEqual("0 taken for 1: 1 (33.3 %)", report.MostConfused().Single().ToString());
    }

    [EachCulture]
    public void Report_RowsWithoutLabel_AreLeftOutAndCounted()
    {
        var keys = Report(ScoredView.Certain(3, (0, 0), (1, 0), (-1, 2), (-1, 1)));
        var names = _ml.MulticlassClassification.ClassReport(_ml.Data.LoadFromEnumerable<Told>(
            [new("0", [1, 0, 0], "0"), new("1", [1, 0, 0], "0"), new("", [0, 0, 1], "2"), new("bird", [0, 1, 0], "1")]));
        foreach (var report in new[] { keys, names })
        {
            Assert.AreEqual((2L, 2L, 0.5), (report.Rows, report.RowsWithoutLabel, report.Accuracy));
            StringAssert.Contains(report.ToString(), "\nLeft out: 2 rows whose label is missing or none of the classes.\n");
        }
    }

    [TestMethod]
    public void Report_TwoClasses_IsThatOfFalseAndTrue()
    {
        var scored = _ml.Data.LoadFromEnumerable<YesNo>([new(true, 0.9f, true), new(true, 0.25f, false), new(false, 0.1f, false), new(false, 0.75f, true), new(true, 0.8f, true)]);
        var report = _ml.BinaryClassification.ClassReport(scored);
        Assert.AreEqual("False 2 0.5, True 3 0.6667", string.Join(", ", report.Classes.Select(score => FormattableString.Invariant($"{score.Name} {score.Support} {score.Recall:0.####}"))));
        Assert.AreEqual((1L, 1L), (report.Confusion["True", "False"], report.Confusion[0, 1]));
        Assert.AreEqual(-(Math.Log(0.9) + Math.Log(0.25) + Math.Log(0.9) + Math.Log(0.25) + Math.Log(0.8)) / 5, report.LogLoss, 1e-6);
        Assert.AreEqual((0.6, 1.0), (report.TopKAccuracy(1), report.TopKAccuracy(2)));
        Assert.AreEqual((0.9 + 0.75 + 0.9 + 0.75 + 0.8) / 5, report.CalibrationIn(2).Bins[1].MeanProbability!.Value, 1e-6, "of what was predicted");
    }

    [TestMethod]
    public void Calibration_BoundsOfBins_BelongToTheBinBelow()
    {
        var report = Report([ScoredView.Of(0, 0, 0.5f, 0.25f, 0.25f), ScoredView.Of(1, 0, 0.5f, 0.5f, 0), ScoredView.Of(0, 0, 0.75f, 0.25f, 0), ScoredView.Of(0, 0, 1, 0, 0)]);
        var calibration = report.CalibrationIn(2);
        Assert.AreEqual("0 0.5 2 0.5 0.5; 0.5 1 2 0.875 1", string.Join("; ", calibration.Bins.Select(
            bin => FormattableString.Invariant($"{bin.Lower} {bin.Upper} {bin.Rows} {bin.MeanProbability} {bin.Accuracy}"))));
        Assert.AreEqual((0.0625, 0.125), (calibration.ExpectedCalibrationError, calibration.MaximumCalibrationError));
        Assert.HasCount(15, report.Calibration.Bins);
        Assert.IsNull(report.Calibration.Bins[0].Accuracy);
    }

    [TestMethod]
    public void Confusion_NamesAndIndices_AreTheSame()
    {
        var confusion = Report(ScoredView.Certain(3, (0, 0), (0, 0), (0, 1), (0, 1), (2, 1))).Confusion;
        Assert.AreEqual((2L, 2L, 1L), (confusion[0, 1], confusion["cat", "dog"], confusion["fish", "dog"]));
        CollectionAssert.AreEqual(new[] { 0.5, 0.5, 0 }, confusion.Rates[0].ToArray());
        CollectionAssert.AreEqual(new double[3], confusion.Rates[1].ToArray(), "a class without rows");
        Assert.AreEqual("true \\ predicted  cat  dog  fish\ncat                 2    2     0\ndog                 0    0     0\nfish                0    1     0", confusion.ToString());
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => confusion["cat", "bird"]).Message, "There is no class 'bird'.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => confusion[3, 0]).Message, "There is no class 3; there are 0 to 2.");
    }

    [EachCulture]
    public void Bootstrap_SameSeed_SameIntervals()
    {
        var report = Report(ScoredView.Certain(3, [.. Enumerable.Range(0, 50).Select(i => (i % 2, i % 5 == 0 ? 0 : i % 2))]));
        Assert.AreEqual(Text(report.Bootstrap(seed: 3)), Text(report.Bootstrap(seed: 3)));
        Assert.AreNotEqual(Text(report.Bootstrap(seed: 3)), Text(report.Bootstrap(seed: 4)));
        var intervals = report.Bootstrap(level: 0.9, resamples: 500);
        Assert.AreEqual((0.9, 500, 1), (intervals.Level, intervals.Resamples, intervals.Seed));
        Assert.IsLessThan(Width(report.Bootstrap(level: 0.99).Accuracy), Width(intervals.Accuracy));
        Assert.AreEqual((report.Accuracy, report.MacroAverage.F1), (intervals.Accuracy.Estimate, intervals.MacroF1.Estimate));
        Assert.AreEqual((null, null, null), (intervals.Classes[2].Precision, intervals.Classes[2].Recall, intervals.Classes[2].F1), "fish: neither there nor predicted");
        StringAssert.Contains($"{intervals}", FormattableString.Invariant($"90 % intervals of 500 draws, seed 1\naccuracy {report.Accuracy:F4} ("));
        StringAssert.Contains($"{intervals}", $"\nF1 of dog {intervals.Classes[1].F1}");

        static string Text(ReportIntervals all) => string.Join(
            ' ', [all.Accuracy, all.MacroPrecision, all.MacroRecall, all.MacroF1, all.WeightedF1, .. all.Classes.Select(@class => (object)@class)]);
        static double Width(ConfidenceInterval interval) => interval.Upper - interval.Lower;
    }

    [TestMethod]
    public void Bootstrap_TenThousandRows_TakesAMoment()
    {
        var report = Report(ScoredView.Certain(3, [.. Enumerable.Range(0, 10_000).Select(i => (i % 3, i % 7 == 0 ? 0 : i % 3))]));
        var clock = Stopwatch.StartNew();
        report.Bootstrap();
        Assert.IsLessThan(2000, clock.ElapsedMilliseconds, "40 ms of processor time");
    }

    [TestMethod]
    public void Report_WhatDoesNotFit_SaysSo()
    {
        var rows = ScoredView.Certain(3, (0, 0), (1, 1));
        Mismatch(ScoredView.Load(_ml, rows, Pets, keys: ["dog", "cat", "fish"], predicted: Pets),
            "Key 1 of the label column 'Label' is 'dog', but class 1 of the score column 'Score' is 'cat': map the label with the MapValueToKey that was fitted for training.");
        Mismatch(ScoredView.Load(_ml, rows, Pets, keys: ["cat", "dog"], predicted: Pets), "The label column 'Label' has 2 keys, but the score column 'Score' has 3 classes: map");
        Mismatch(ScoredView.Load(_ml, rows, Pets, predicted: ["fish", "dog", "cat"]), "Key 1 of the predicted label column 'PredictedLabel' is 'fish', but class 1");
        Mismatch(Some.Keyed(_ml), "Could not find the predicted label column 'PredictedLabel'.");
        var two = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.ClassReport(ScoredView.Load(_ml, rows, Pets)));
        StringAssert.StartsWith(two.Message, "The label column 'Label' is Key<UInt32, 0-2>, not Boolean.");
    }

    [EachCulture]
    public void Report_ScoresThatAreNoProbabilities_SayTheRow()
    {
        Invalid("Row 1 (counting from 0): the column 'Score' has the value NaN for the class 'dog'; a report needs probabilities, 0 to 1, that sum to 1 over the classes.", 0.5f, float.NaN, 0.5f);
        Invalid("Row 1 (counting from 0): the column 'Score' has the value -0.5 for the class 'fish'; a report", 1, 0.5f, -0.5f);
        Invalid("Row 1 (counting from 0): the column 'Score' has values whose sum is 0.75; a report", 0.25f, 0.25f, 0.25f);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.BinaryClassification.ClassReport(_ml.Data.LoadFromEnumerable<YesNo>([new(true, 1.5f, true)])));
        StringAssert.StartsWith(error.Message, "Row 0 (counting from 0): the column 'Probability' has the value 1.5; a report");
        var none = Assert.ThrowsExactly<InvalidDataException>(() => Report(ScoredView.Of(0, -1, 1, 0, 0)));
        Assert.AreEqual("Row 0 (counting from 0): the predicted label in the column 'PredictedLabel' is missing, or none of the classes of the column 'Score'.", none.Message);
        var empty = Assert.ThrowsExactly<InvalidOperationException>(() => Report(ScoredView.Of(-1, 0, 1, 0, 0)));
        Assert.AreEqual("There is nothing to report: of 1 rows none has a label in the column 'Label' that is one of the classes of the column 'Score'.", empty.Message);
    }

    [TestMethod]
    public void Report_ArgumentsOutOfRange_Throw()
    {
        var report = Report(ScoredView.Of(0, 0, 1, 0, 0));
        foreach (Action call in new Action[]
        {
            () => report.TopKAccuracy(0), () => report.MostConfused(0), () => report.CalibrationIn(0),
            () => report.Bootstrap(level: 1), () => report.Bootstrap(level: double.NaN), () => report.Bootstrap(resamples: 0),
        })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(call);
    }

    private ClassReport Report(params ScoredView.Row[] rows) => _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, rows, Pets));

    private void Mismatch(IDataView scored, string message) =>
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.ClassReport(scored)).Message, message);

    private void Invalid(string message, params float[] score) => StringAssert.StartsWith(
        Assert.ThrowsExactly<InvalidDataException>(() => Report(ScoredView.Of(0, 0, 1, 0, 0), ScoredView.Of(0, 0, score))).Message, message);
}
