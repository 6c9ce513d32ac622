namespace CnnMlNet;

/// <summary>How well one class was predicted. Immutable; thread safe.</summary>
public sealed record ClassScore
{
    /// <summary>Name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Share of the rows predicted as the class that are of it; 0 to 1, 0 where <see cref="Predicted"/> is 0.</summary>
    public required double Precision { get; init; }

    /// <summary>Share of the rows of the class that were predicted so; 0 to 1, 0 where <see cref="Support"/> is 0.</summary>
    public required double Recall { get; init; }

    /// <summary>Harmonic mean of precision and recall; 0 to 1, 0 where no row of the class was predicted so.</summary>
    public required double F1 { get; init; }

    /// <summary>Rows of the class.</summary>
    public required long Support { get; init; }

    /// <summary>Rows that were predicted as the class.</summary>
    public required long Predicted { get; init; }
}

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
}
