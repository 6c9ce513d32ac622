namespace CnnMlNet;

/// <summary>Confidence intervals of the numbers of one class. Draws of rows in which a number is not defined do not count. Immutable; thread safe.</summary>
public sealed record ClassIntervals
{
    /// <summary>Name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Of its precision; null where it was never predicted.</summary>
    public required ConfidenceInterval? Precision { get; init; }

    /// <summary>Of its recall; null where it has no rows.</summary>
    public required ConfidenceInterval? Recall { get; init; }

    /// <summary>Of its F1; null where it neither has rows nor was predicted.</summary>
    public required ConfidenceInterval? F1 { get; init; }
}
