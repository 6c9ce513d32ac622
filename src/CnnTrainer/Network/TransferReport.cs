namespace CnnMlNet;

/// <summary>Which weights of another model a training began with, by their paths. Equal where all lists are. Immutable; thread safe.</summary>
public sealed record TransferReport
{
    /// <summary>Weights that were taken: the other model has the path, with the same shape.</summary>
    public required IReadOnlyList<string> Taken { get; init; }

    /// <summary>Weights that were drawn anew: the other model has no such path, another shape, or, at the output, other classes.</summary>
    public required IReadOnlyList<string> Fresh { get; init; }

    /// <summary>Weights of the other model that were not used.</summary>
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
