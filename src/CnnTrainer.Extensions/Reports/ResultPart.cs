namespace CnnMlNet.Reports;

/// <summary>How good a classifier is on the test data.</summary>
internal static class ResultPart
{
    private const int MostCells = 20_000, MostPairs = 15, MostTop = 5;

    public static ResultData Of(ClassReport report)
    {
        var cells = report.ScoredRows.CountBy(row => (row.Truth, row.Predicted)).OrderByDescending(cell => cell.Value).ThenBy(cell => cell.Key).ToList();
        var places = report.Classes.Select((score, i) => (score.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
        return new ResultData
        {
            Rows = report.Rows,
            Note = string.Join(" ", Notes(report)) is { Length: > 0 } note ? note : null,
            Classes = [.. report.Classes.Select(score => new ClassData(
                score.Name, Known(score.Precision, score.Predicted), Known(score.Recall, score.Support), Known(score.F1, score.Support + score.Predicted), score.Support))],
            Averages = [Average("mean of the classes", report.MacroAverage, report.Rows), Average("mean of the images", report.WeightedAverage, report.Rows)],
            Confusion = [.. cells.Take(MostCells).Select(cell => new long[] { cell.Key.Truth, cell.Key.Predicted, cell.Value })],
            LeftOut = cells.Skip(MostCells).Sum(cell => (long)cell.Value),
            Pairs = [.. report.MostConfused(MostPairs).Select(pair => new PairData(places[pair.True], places[pair.Predicted], pair.Count, pair.ShareOfTrue))],
            Calibration = new CalibrationData(report.Calibration.ExpectedCalibrationError, [.. report.Calibration.Bins.Select(bin => new BinData(bin.Rows, bin.MeanProbability, bin.Accuracy))]),
            TopK = report.Classes.Count < 3 ? [] : [.. Enumerable.Range(1, Math.Min(MostTop, report.Classes.Count - 1)).Select(report.TopKAccuracy)],
        };
    }

    public static IEnumerable<NamedText> Facts(ClassReport report) =>
    [
        new("Accuracy", TileMaker.Percent(report.Accuracy)),
        new("Macro F1", TileMaker.Percent(report.MacroAverage.F1)),
        new("Calibration error", TileMaker.Percent(report.Calibration.ExpectedCalibrationError)),
        new("Test images", TrainingPart.Text(report.Rows)),
    ];

    private static IEnumerable<string> Notes(ClassReport report)
    {
        if (report.RowsWithoutLabel > 0) yield return $"{TrainingPart.Text(report.RowsWithoutLabel)} rows are left out: their label is missing, or no class that the network knows.";
        int never = report.Classes.Count(score => score is { Predicted: 0, Support: > 0 }), none = report.Classes.Count(score => score.Support == 0);
        if (never > 0) yield return $"{TrainingPart.Text(never)} {(never == 1 ? "class was" : "classes were")} never predicted and {(never == 1 ? "has" : "have")} no precision.";
        if (none > 0) yield return $"{TrainingPart.Text(none)} {(none == 1 ? "class has" : "classes have")} no test images, and so no recall.";
    }

    private static double? Known(double share, long of) => of > 0 ? share : null;

    private static ClassData Average(string name, ClassAverage average, long rows) => new(name, average.Precision, average.Recall, average.F1, rows);
}
