namespace CnnMlNet;

/// <summary>A number of a report, and how far off chance may have put it. Immutable; thread safe.</summary>
public sealed record ConfidenceInterval
{
    /// <summary>The number in the report.</summary>
    public required double Estimate { get; init; }

    /// <summary>Lower bound.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper bound.</summary>
    public required double Upper { get; init; }

    /// <summary>The numbers in words, for example <c>0.9120 (0.9063 to 0.9176)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Estimate:F4} ({Lower:F4} to {Upper:F4})");
}
