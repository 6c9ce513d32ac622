using System.Text;

namespace CnnMlNet.ClassReports;

/// <summary>A report as Markdown.</summary>
internal static class ReportMarkdown
{
    public static string Of(ClassReport report)
    {
        var text = new StringBuilder();
        Line("Class", "Precision", "Recall", "F1", "Support");
        text.Append("| --- | ---: | ---: | ---: | ---: |\n");
        foreach (var score in ReportText.Shown(report)) Numbers(Escaped(score.Name), score.Precision, score.Recall, score.F1, score.Support);
        Line("**accuracy**", "", "", ReportText.Digits(report.Accuracy), ReportText.Whole(report.Rows));
        Numbers("**macro average**", report.MacroAverage.Precision, report.MacroAverage.Recall, report.MacroAverage.F1, report.Rows);
        Numbers("**weighted average**", report.WeightedAverage.Precision, report.WeightedAverage.Recall, report.WeightedAverage.F1, report.Rows);
        foreach (var note in ReportText.Notes(report)) text.Append('\n').Append(Escaped(note)).Append('\n');
        if (report.MostConfused() is not [_, ..] pairs) return text.ToString();
        text.Append('\n');
        Line("True", "Predicted", "Rows", "Share of true");
        text.Append("| --- | --- | ---: | ---: |\n");
        foreach (var pair in pairs) Line(Escaped(pair.True), Escaped(pair.Predicted), ReportText.Whole(pair.Count), ReportText.Digits(pair.ShareOfTrue));
        return text.ToString();

        void Line(params string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        void Numbers(string name, double precision, double recall, double f1, long rows) =>
            Line(name, ReportText.Digits(precision), ReportText.Digits(recall), ReportText.Digits(f1), ReportText.Whole(rows));
    }

    /// <summary>Text that a reader sees as it is: in a cell of a table, and whether or not the HTML in Markdown is let through.</summary>
    private static string Escaped(string text) => string.Concat(ReportText.OneLine(text).Select(letter => letter switch
    {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '\\' or '|' or '`' or '*' or '_' or '[' or ']' or '~' or '#' or '$' => $"\\{letter}",
        _ => letter.ToString(),
    }));
}
