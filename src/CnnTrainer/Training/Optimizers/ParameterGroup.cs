using System.Globalization;

namespace CnnMlNet;

/// <summary>Weights that learn otherwise than the rest.</summary>
public sealed record ParameterGroup
{
    /// <summary>
    /// The beginning of the weights' paths, whole parts of it: <c>features</c> stands for <c>features.0.weight</c>, not for <c>features2.weight</c>.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Times the learning rate; 0 leaves the weights as they are (frozen). Default 1.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Weight decay instead of the optimizer's; null (the default) for that.</summary>
    public double? WeightDecay { get; init; }

    /// <summary><c>'features' at 0.1 times the rate</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"'{Path}' at {LearningRateFactor} times the rate{(WeightDecay is null ? "" : ", weight decay ")}{WeightDecay}");

    internal bool Holds(string path) => path == Path || path.StartsWith(Path + ".", StringComparison.Ordinal);
}
