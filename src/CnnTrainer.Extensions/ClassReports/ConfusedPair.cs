namespace CnnMlNet;

/// <summary>Rows of one class that were predicted as another. Immutable; thread safe.</summary>
public sealed record ConfusedPair
{
    /// <summary>Name of the true class.</summary>
    public required string True { get; init; }

    /// <summary>Name of the class that was predicted.</summary>
    public required string Predicted { get; init; }

    /// <summary>Number of rows; at least 1.</summary>
    public required long Count { get; init; }

    /// <summary>Their share of the rows of the true class; 0 to 1.</summary>
    public required double ShareOfTrue { get; init; }

    /// <summary><c>Shirt taken for T-shirt: 70 (35.5 %)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{True} taken for {Predicted}: {Count} ({100 * ShareOfTrue:0.0} %)");
}
