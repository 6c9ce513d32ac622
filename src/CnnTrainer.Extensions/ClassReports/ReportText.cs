using System.Globalization;
using System.Text;

namespace CnnMlNet.ClassReports;

/// <summary>A report as text.</summary>
internal static class ReportText
{
    private const int MostNames = 10;

    /// <summary>Without line breaks and other control characters, which would break a table.</summary>
    public static string OneLine(string name) => string.Concat(name.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter));

    public static string Table(ClassReport report)
    {
        int width = Shown(report).Select(score => OneLine(score.Name).Length).Append("weighted avg".Length).Max();
        var text = new StringBuilder();
        Line("", "precision", "recall", "f1-score", "support");
        text.Append('\n');
        foreach (var score in Shown(report)) Numbers(OneLine(score.Name), score.Precision, score.Recall, score.F1, score.Support);
        text.Append('\n');
        Line("accuracy", "", "", Digits(report.Accuracy), Whole(report.Rows));
        Numbers("macro avg", report.MacroAverage.Precision, report.MacroAverage.Recall, report.MacroAverage.F1, report.Rows);
        Numbers("weighted avg", report.WeightedAverage.Precision, report.WeightedAverage.Recall, report.WeightedAverage.F1, report.Rows);
        text.Append('\n').AppendJoin('\n', Notes(report));
        return text.ToString();

        void Line(string name, params string[] cells) => text.Append(name.PadLeft(width)).Append(' ').Append(string.Concat(cells.Select(cell => " " + cell.PadLeft(9)))).Append('\n');
        void Numbers(string name, double precision, double recall, double f1, long rows) => Line(name, Digits(precision), Digits(recall), Digits(f1), Whole(rows));
    }

    /// <summary>The classes of which there is something to say.</summary>
    public static IEnumerable<ClassScore> Shown(ClassReport report) => report.Classes.Where(score => score.Support + score.Predicted > 0);

    /// <summary>The numbers that are in no table, and what is to be known of the others: a sentence each.</summary>
    public static IEnumerable<string> Notes(ClassReport report)
    {
        string top5 = report.Classes.Count > 5 ? $"top-5 accuracy {Digits(report.TopKAccuracy(5))}, " : "";
        yield return $"{top5}log loss {Digits(report.LogLoss)}, expected calibration error {Digits(report.Calibration.ExpectedCalibrationError)}";
        if (report.RowsWithoutLabel > 0)
            yield return $"Left out: {Whole(report.RowsWithoutLabel)} rows whose label is missing or none of the classes.";
        if (Named(report, score => score is { Predicted: 0, Support: > 0 }) is { } never) yield return $"Never predicted, so that their precision is 0: {never}.";
        if (Named(report, score => score is { Predicted: > 0, Support: 0 }) is { } none) yield return $"Without rows, so that their recall is 0: {none}.";
        if (Named(report, score => score is { Predicted: 0, Support: 0 }) is { } absent) yield return $"Without rows and never predicted, so in no average: {absent}.";
    }

    private static string? Named(ClassReport report, Func<ClassScore, bool> which)
    {
        var names = report.Classes.Where(which).Select(score => OneLine(score.Name)).ToList();
        if (names.Count == 0) return null;
        return string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {Whole(names.Count - MostNames)} more" : "");
    }

    public static string Digits(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
