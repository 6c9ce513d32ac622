using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often a class (row) was predicted as another one (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;
    private readonly bool _isBinary;

    internal ConfusionMatrix(double[][] counts, string[] names, bool isBinary = false)
    {
        (_names, _isBinary) = (names, isBinary);
        Counts = [.. counts];
        PerClassRecall = [.. counts.Select((row, i) => Share(row[i], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, i) => Share(row[i], counts.Sum(r => r[i])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    /// <summary>Classes in the header are numbers if a name is longer than a column; the rows then start with "number. name".</summary>
    public string GetFormattedConfusionTable()
    {
        int width = NumberOfClasses == 2 ? 8 : 5, longest = _names.Max(n => n.Length);
        bool numbered = longest > width;
        int digits = $"{NumberOfClasses - 1}".Length;
        int labelWidth = Math.Max("PREDICTED".Length, numbered ? longest + digits + 2 : longest);
        string rule = string.Concat(Enumerable.Repeat(NumberOfClasses > 2 ? "========" : "===========", NumberOfClasses));
        var text = new StringBuilder();
        if (_isBinary) text.Append(CultureInfo.CurrentCulture, $"TEST {_names[0].ToUpperInvariant()} RATIO:\t{Ratio(Counts[0].Sum(), Counts[1].Sum())}");
        text.AppendLine().AppendLine("Confusion table").AppendLine(Head("") + rule);
        text.Append(Head("PREDICTED")).AppendJoin("", _names.Select((n, i) => $" {(numbered ? $"{i}" : n).PadLeft(width)} |")).AppendLine(" Recall");
        text.AppendLine(Head("TRUTH") + rule);
        for (int i = 0; i < NumberOfClasses; i++)
        {
            string label = numbered ? $"{$"{i}".PadLeft(digits)}. {_names[i].PadLeft(labelWidth - digits - 2)}" : _names[i].PadLeft(labelWidth);
            text.Append(label).Append(" ||").AppendJoin("", Counts[i].Select(n => $" {Number(n, "N0").PadLeft(width)} |"));
            text.Append(' ').AppendLine(Number(PerClassRecall[i], "F4").PadLeft(5));
        }
        text.AppendLine(Head("") + rule);
        return text.Append(Head("Precision")).AppendJoin("", PerClassPrecision.Select(p => $"{Number(p, "N4").PadLeft(width + 1)} |")).AppendLine().ToString();

        string Head(string word) => word.PadRight(labelWidth) + " ||";
    }

    private static string Ratio(double part, double rest) =>
        $"{Number(part / (part + rest), "N4")} ({Number(part, "F1")}/({Number(part, "F1")}+{Number(rest, "F1")}))";

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.CurrentCulture);
}
