using System.Globalization;

namespace CnnMlNet;

/// <summary>The epochs of one training as lines of a table. Numbers are invariant.</summary>
internal sealed class EpochTable
{
    private const int LeastWidth = 6;   // of a loss such as 0.1234
    private const string Gap = "  ";
    private List<(string Title, int Width)> _columns = [];

    /// <summary>The line of an epoch, after those of the titles where there is a column for the first time.</summary>
    public IEnumerable<string> Add(EpochReport report, int epochs)
    {
        var cells = Cells(report, epochs);
        if (cells.Any(cell => _columns.All(column => column.Title != cell.Title)))
        {
            _columns = [.. cells.Select(cell => (cell.Title, cell.Title.Split(' ').Append(cell.Text).Max(word => Math.Max(LeastWidth, word.Length))))];
            foreach (var line in Titles()) yield return line;
        }

        yield return string.Join(Gap, _columns.Select(column => (cells.Find(cell => cell.Title == column.Title).Text ?? "").PadLeft(column.Width)));
    }

    /// <summary>A word a line, the last words below each other.</summary>
    private IEnumerable<string> Titles()
    {
        int lines = _columns.Max(column => column.Title.Split(' ').Length);
        return Enumerable.Range(0, lines).Select(line => string.Join(Gap, _columns.Select(column =>
            (column.Title.Split(' ') is var words && line - (lines - words.Length) is >= 0 and var word ? words[word] : "").PadLeft(column.Width))));
    }

    private static List<(string Title, string Text)> Cells(EpochReport report, int epochs)
    {
        List<(string, string)> cells = [("epoch", FormattableString.Invariant($"{report.Epoch}/{epochs}")), ("loss", Number(report.Loss))];
        cells.AddRange(report.Metrics.Select(metric => (metric.Key, Number(metric.Value))));
        if (report.ValidationLoss is { } loss) cells.Add(("validation loss", Number(loss)));
        cells.AddRange((report.ValidationMetrics ?? MetricCollection.None).Select(metric => ("validation " + metric.Key, Number(metric.Value))));
        cells.Add(("learning rate", report.LearningRate.ToString("0.####e0", CultureInfo.InvariantCulture)));
        cells.Add(("seconds", report.Seconds.ToString("F1", CultureInfo.InvariantCulture)));
        cells.Add(("images/s", report.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture)));
        return cells;
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
