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
