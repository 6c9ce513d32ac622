namespace CnnMlNet;

/// <summary>Two images that are equal or nearly so. Immutable; thread safe.</summary>
public sealed record DuplicatePair
{
    /// <summary>The training row, counting from 0 in the order of its view.</summary>
    public required int TrainRow { get; init; }

    /// <summary>The test row, counting from 0 in the order of its view.</summary>
    public required int TestRow { get; init; }

    /// <summary>Bits of 64 in which the difference hashes differ: 0 where images are equal, and where they are very much alike.</summary>
    public required int Distance { get; init; }

    /// <summary>Whether all values, or all bytes of the files, are the same.</summary>
    public required bool IsEqual { get; init; }

    /// <summary>The pair in words, for example <c>training row 12, test row 5: distance 2</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"training row {TrainRow}, test row {TestRow}: ") + (IsEqual ? "equal" : FormattableString.Invariant($"distance {Distance}"));
}
