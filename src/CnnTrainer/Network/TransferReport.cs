namespace CnnMlNet;

/// <summary>Which weights of another model or file a training began with, by their paths. Equal where all lists are. Immutable; thread safe.</summary>
public sealed record TransferReport
{
    /// <summary>Weights that were taken: the other has the path, with the same shape.</summary>
    public required IReadOnlyList<string> Taken { get; init; }

    /// <summary>Weights that were drawn anew: the other has no such path, another shape, or, at a model's output, other classes.</summary>
    public required IReadOnlyList<string> Fresh { get; init; }

    /// <summary>Weights of the other that were not used; those of a file by their names there.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <inheritdoc/>
    public bool Equals(TransferReport? other) =>
        other is not null && Taken.SequenceEqual(other.Taken) && Fresh.SequenceEqual(other.Fresh) && Unused.SequenceEqual(other.Unused);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Taken.Count, Fresh.Count, Unused.Count);

    /// <summary><c>12 weights taken; drawn anew: 6.weight, 6.bias; not used: head.weight</c>.</summary>
    public override string ToString() =>
        $"{Taken.Count} weights taken{(Fresh.Count == 0 ? "" : $"; drawn anew: {string.Join(", ", Fresh)}")}{(Unused.Count == 0 ? "" : $"; not used: {string.Join(", ", Unused)}")}";
}
