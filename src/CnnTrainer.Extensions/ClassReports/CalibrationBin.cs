namespace CnnMlNet;

/// <summary>The rows whose predicted class has a probability in a range. Immutable; thread safe.</summary>
public sealed record CalibrationBin
{
    /// <summary>Lower bound of the probability, itself not in the bin, but for 0; 0 to 1.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper bound, in the bin; 0 to 1.</summary>
    public required double Upper { get; init; }

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Mean probability of the predicted class; 0 to 1, null where there are no rows.</summary>
    public required double? MeanProbability { get; init; }

    /// <summary>Share of the rows whose prediction is right; 0 to 1, null where there are no rows.</summary>
    public required double? Accuracy { get; init; }
}
