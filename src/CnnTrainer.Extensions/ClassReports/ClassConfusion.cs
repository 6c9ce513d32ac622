using System.Globalization;

namespace CnnMlNet;

/// <summary>Rows by their true class and the one that was predicted: the confusion matrix. Immutable; thread safe.</summary>
public sealed class ClassConfusion
{
    private readonly Lazy<IReadOnlyList<IReadOnlyList<double>>> _rates;

    internal ClassConfusion() => _rates = new(() => [.. Counts!.Select(Shares)]);

    /// <summary>Names of the classes, in the order of the rows and columns.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Number of rows: <c>Counts[truth][predicted]</c>.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Counts { get; init; }

    /// <summary>Share of the rows of the true class, <c>Rates[truth][predicted]</c>; 0 to 1, 0 for a class without rows. The diagonal is the recall.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Rates => _rates.Value;

    /// <summary>Number of rows of a class that were predicted as another, or itself.</summary>
    /// <param name="truth">Index of the true class, from 0.</param>
    /// <param name="predicted">Index of the predicted class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int truth, int predicted] => Counts[Check(truth, nameof(truth))][Check(predicted, nameof(predicted))];

    /// <summary>The same by the names of the classes.</summary>
    /// <param name="truth">Name of the true class.</param>
    /// <param name="predicted">Name of the predicted class.</param>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public long this[string truth, string predicted] => Counts[Find(truth, nameof(truth))][Find(predicted, nameof(predicted))];

    /// <summary>The counts as a table: a line for each true class, a column for each predicted one.</summary>
    public override string ToString()
    {
        var names = Classes.Select(ClassReports.ReportText.OneLine).ToList();
        string[][] cells = [["true \\ predicted", .. names], .. Counts.Index().Select(row =>
            (string[])[names[row.Index], .. row.Item.Select(count => count.ToString(CultureInfo.InvariantCulture))])];
        int[] widths = [.. cells[0].Select((_, column) => cells.Max(row => row[column].Length))];
        return string.Join('\n', cells.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))));
    }

    private static double[] Shares(IReadOnlyList<long> counts) => counts.Sum() is > 0 and var sum ? [.. counts.Select(count => (double)count / sum)] : new double[counts.Count];

    private int Check(int index, string parameter) => (uint)index < (uint)Classes.Count
        ? index
        : throw new ArgumentOutOfRangeException(parameter, FormattableString.Invariant($"There is no class {index}; there are 0 to {Classes.Count - 1}."));

    private int Find(string name, string parameter)
    {
        for (int i = 0; i < Classes.Count; i++)
        {
            if (Classes[i] == name) return i;
        }

        throw new ArgumentException($"There is no class '{name}'.", parameter);
    }
}
