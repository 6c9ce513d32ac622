using System.Text.Json;
using Microsoft.ML;

namespace CnnMlNet.Tests.ClassReports;

/// <summary>Against scikit-learn, whose answers tests/recorded/record_class_report.py wrote down.</summary>
[TestClass]
public sealed class ClassReportRecordedTests
{
    private const double Close = 1e-12;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<Recording> Recorded = new(() => JsonSerializer.Deserialize<Recording>(File.ReadAllText(Some.Recorded("class_report.json")), Json)!);

    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Names => Recorded.Value.Cases.Select(@case => new object[] { @case.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Report_RecordedScores_EqualsClassificationReport(string name)
    {
        var (expected, report) = Load(name);
        Assert.AreEqual(expected.Accuracy, report.Accuracy, Close);
        AreClose(expected.Precision, report.Classes.Select(score => score.Precision), "precision");
        AreClose(expected.Recall, report.Classes.Select(score => score.Recall), "recall");
        AreClose(expected.F1, report.Classes.Select(score => score.F1), "F1");
        CollectionAssert.AreEqual(expected.Support, report.Classes.Select(score => score.Support).ToArray());
        AreClose(expected.Macro, Numbers(report.MacroAverage), "macro");
        AreClose(expected.Weighted, Numbers(report.WeightedAverage), "weighted");
        StringAssert.StartsWith(report.ToString(), expected.Text);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Report_RecordedScores_EqualsConfusionMatrix(string name)
    {
        var (expected, report) = Load(name);
        var cells = report.Confusion.Counts.Index().SelectMany(row => row.Item.Index().Where(cell => cell.Item > 0).Select(cell => $"{row.Index} {cell.Index} {cell.Item}"));
        CollectionAssert.AreEqual(expected.Confusion.Select(cell => string.Join(' ', cell)).ToArray(), cells.ToArray());
        CollectionAssert.AreEqual(
            expected.Confused.Select(cell => $"c{cell[0]} c{cell[1]} {cell[2]}").ToArray(), report.MostConfused().Select(pair => $"{pair.True} {pair.Predicted} {pair.Count}").ToArray());
        foreach (var pair in report.MostConfused())
            Assert.AreEqual((double)pair.Count / report.Classes.Single(score => score.Name == pair.True).Support, pair.ShareOfTrue, Close);
        AreClose([.. expected.Recall], report.Confusion.Rates.Select((row, index) => row[index]), "the diagonal of the rates");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Report_RecordedScores_EqualsTopKAndLogLoss(string name)
    {
        var (expected, report) = Load(name);
        foreach (var (k, accuracy) in expected.Top) Assert.AreEqual(accuracy, report.TopKAccuracy(k), Close, $"top {k}");
        Assert.AreEqual(expected.LogLoss, report.LogLoss, 1e-6, "scikit-learn makes the float32 probabilities sum to 1 first");
        Assert.AreEqual(_ml.MulticlassClassification.Evaluate(View(expected)).LogLoss, report.LogLoss, 1e-9);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Report_RecordedScores_EqualsCalibrationCurve(string name)
    {
        var (expected, report) = Load(name);
        CollectionAssert.AreEqual(expected.Calibration.Rows, report.Calibration.Bins.Select(bin => bin.Rows).ToArray());
        var filled = report.Calibration.Bins.Where(bin => bin.Rows > 0).ToList();
        AreClose(expected.Calibration.Accuracy, filled.Select(bin => bin.Accuracy!.Value), "accuracy");
        AreClose(expected.Calibration.Mean, filled.Select(bin => bin.MeanProbability!.Value), "mean probability");
        Assert.AreEqual(expected.Calibration.Expected, report.Calibration.ExpectedCalibrationError, Close);
        Assert.AreEqual(expected.Calibration.Maximum, report.Calibration.MaximumCalibrationError, Close);
    }

    /// <summary>Both are random; a hundredth is a fifth of an interval's half.</summary>
    [TestMethod]
    public void Bootstrap_RecordedScores_AgreesWithResampledScikitLearn()
    {
        var (expected, report) = Load("for the bootstrap");
        var intervals = report.Bootstrap(resamples: 4000, seed: 2);
        ConfidenceInterval[] found = [intervals.Accuracy, intervals.MacroF1, .. intervals.Classes.Select(@class => @class.Recall!)];
        Assert.HasCount(expected.Bootstrap!.Length, found);
        foreach (var (bounds, interval) in expected.Bootstrap.Zip(found))
        {
            Assert.AreEqual(bounds[0], interval.Lower, 0.01, $"{interval}");
            Assert.AreEqual(bounds[1], interval.Upper, 0.01, $"{interval}");
        }
    }

    private (Case Expected, ClassReport Report) Load(string name)
    {
        var expected = Recorded.Value.Cases.Single(@case => @case.Name == name);
        return (expected, _ml.MulticlassClassification.ClassReport(View(expected)));
    }

    private IDataView View(Case recorded) => ScoredView.Load(_ml, recorded.Truth.Select((truth, row) =>
    {
        var score = Scores(recorded, row);
        return ScoredView.Of(truth, Array.IndexOf(score, score.Max()), score);
    }), [.. Enumerable.Range(0, recorded.Classes).Select(i => $"c{i}")]);

    // The formula of record_class_report.py.
    private static float[] Scores(Case recorded, int row)
    {
        int[] values = [.. Enumerable.Range(0, recorded.Classes).Select(i =>
            1 + (row * 31 + i * 17 + row * row * i) % recorded.Modulus + (i == recorded.Liked[row] ? 4 * recorded.Classes * (row % 4 + recorded.Least) : 0))];
        float sum = values.Sum();
        return [.. values.Select(value => value / sum)];
    }

    private static double[] Numbers(ClassAverage average) => [average.Precision, average.Recall, average.F1];

    private static void AreClose(double[] expected, IEnumerable<double> actual, string what)
    {
        double[] found = [.. actual];
        Assert.HasCount(expected.Length, found, what);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], found[i], Close, $"{what} [{i}]");
    }

    private sealed record Recording(Case[] Cases);

    private sealed record Case(
        string Name, int Classes, int Modulus, int Least, int[] Truth, int[] Liked, double Accuracy, double[] Precision, double[] Recall, double[] F1, long[] Support,
        double[] Macro, double[] Weighted, string Text, int[][] Confusion, int[][] Confused, Dictionary<int, double> Top, double LogLoss, Curve Calibration, double[][]? Bootstrap);

    private sealed record Curve(long[] Rows, double[] Accuracy, double[] Mean, double Expected, double Maximum);
}
