using System.Text;

namespace CnnMlNet;

/// <summary>Images that <c>ml.Data.FindDuplicates</c> found on both sides of a split. Immutable; thread safe.</summary>
public sealed class DuplicateReport
{
    /// <summary>The column that was compared.</summary>
    public required string ColumnName { get; init; }

    /// <summary>Number of training rows.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Number of test rows.</summary>
    public required int TestRows { get; init; }

    /// <summary>Bits of 64 in which near-equal images may differ; null where the bytes of files were compared, of which none are near-equal.</summary>
    public required int? MaxDistance { get; init; }

    /// <summary>Pairs of a training row and a test row that are equal.</summary>
    public required long EqualPairs { get; init; }

    /// <summary>Pairs that are near-equal and not equal.</summary>
    public required long NearPairs { get; init; }

    /// <summary>Test rows with an equal training row.</summary>
    public required int EqualTestRows { get; init; }

    /// <summary>Test rows with a near-equal training row and no equal one.</summary>
    public required int NearTestRows { get; init; }

    /// <summary>The pairs, equal ones first, then by distance and by rows; no more than were asked for.</summary>
    public required IReadOnlyList<DuplicatePair> Pairs { get; init; }

    /// <summary>The report as text: counts, then a line for each pair listed.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line($"{TestRows} test rows against {TrainRows} training rows, column '{ColumnName}':");
        Line($"{EqualTestRows} test rows have an equal training row ({EqualPairs} pairs).");
        if (MaxDistance is { } distance) Line($"{NearTestRows} others have a near-equal one, at most {distance} bits of 64 apart ({NearPairs} pairs).");
        else Line($"Files were compared by their bytes; near-equal ones were not looked for.");
        foreach (var pair in Pairs) Line($"  {pair}");
        if (Pairs.Count is > 0 and var listed && EqualPairs + NearPairs - listed is > 0 and var more) Line($"  and {more} pairs more");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
    }
}
