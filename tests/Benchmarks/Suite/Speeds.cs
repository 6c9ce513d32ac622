using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnMlNet.Benchmarks;

/// <summary>A line of a run, or the medians of several.</summary>
/// <param name="Train">Images per second.</param>
/// <param name="Infer">Images per second.</param>
/// <param name="One">Milliseconds.</param>
internal readonly partial record struct Speeds(double Train, double Infer, double One)
{
    /// <summary>Reads the line that <see cref="ModelRun"/> prints.</summary>
    /// <exception cref="PeerException">There is none.</exception>
    public static Speeds Parse(string output)
    {
        var line = Line().Match(output);
        if (!line.Success) throw new PeerException($"it printed '{output.Trim()}' instead of its speeds.");
        double[] numbers = [.. line.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        return new(numbers[0], numbers[1], numbers[2]);
    }

    public static Speeds Medians(IReadOnlyCollection<Speeds> runs) => new(
        Comparison.Median([.. runs.Select(run => run.Train)]), Comparison.Median([.. runs.Select(run => run.Infer)]), Comparison.Median([.. runs.Select(run => run.One)]));

    /// <summary>How many times as fast as another.</summary>
    public Speeds Over(Speeds other) => new(Train / other.Train, Infer / other.Infer, other.One / One);

    [GeneratedRegex(@"train (\S+) img/s infer (\S+) img/s one (\S+) ms")]
    private static partial Regex Line();
}
