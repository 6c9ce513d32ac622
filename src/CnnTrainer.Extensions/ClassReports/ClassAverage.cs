namespace CnnMlNet;

/// <summary>Precision, recall and F1, averaged over classes. Immutable; thread safe.</summary>
public sealed record ClassAverage
{
    /// <summary>Mean of the classes' precisions; 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>Mean of the classes' recalls; 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>Mean of the classes' F1; 0 to 1. Not the harmonic mean of the other two.</summary>
    public required double F1 { get; init; }
}
