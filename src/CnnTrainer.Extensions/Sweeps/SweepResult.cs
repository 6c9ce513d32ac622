using System.Globalization;

namespace CnnMlNet;

/// <summary>What a sweep found: a table of its runs, and the best candidate trained on all rows. Thread safe, but for Dispose.</summary>
public sealed class SweepResult : IDisposable
{
    internal SweepResult() { }

    /// <summary>What candidates were ranked by.</summary>
    public required SweepMetric Metric { get; init; }

    /// <summary>The seed that was used.</summary>
    public required int Seed { get; init; }

    /// <summary>All runs: those of the last round first, in each round the best first. Of equals the earlier candidate comes first.</summary>
    public required IReadOnlyList<SweepRun> Runs { get; init; }

    /// <summary>The best run of the last round.</summary>
    public SweepRun Best => Runs[0];

    /// <summary>The best candidate, trained on all rows for all of its epochs.</summary>
    public required CnnTransformer Model { get; init; }

    /// <summary>Disposes <see cref="Model"/>.</summary>
    public void Dispose() => Model.Dispose();

    /// <summary>The runs as a table, in the order of <see cref="Runs"/>.</summary>
    public override string ToString()
    {
        string[] titles = ["Candidate", "Epochs", Metric.ToString(), "Folds", "Seconds", "Options"];
        var rows = Runs.Select(run => new[]
        {
            Text(run.Candidate), Text(run.Options.Epochs), run.Problem is null ? Text(run.Mean) : "failed",
            string.Join(' ', run.Folds.Select(Text)), run.Seconds.ToString("F1", CultureInfo.InvariantCulture), run.Differences,
        }).Prepend(titles).ToList();
        int[] widths = [.. titles.Select((_, column) => rows.Max(row => row[column].Length))];
        return string.Join(Environment.NewLine, rows.Select(row => string.Join("  ", row.Select(Cell)).TrimEnd()));

        // Numbers to the right, text to the left.
        string Cell(string text, int column) => column is 3 or 5 ? text.PadRight(widths[column]) : text.PadLeft(widths[column]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double metric) => metric.ToString("F4", CultureInfo.InvariantCulture);
}
