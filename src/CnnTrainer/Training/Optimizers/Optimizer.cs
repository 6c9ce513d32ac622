using System.Globalization;
using System.Text.Json.Serialization;
using CnnMlNet.Rows;
using CnnMlNet.Training;
using TorchSharp.Modules;

namespace CnnMlNet;

/// <summary>How the weights follow the gradients. Immutable; thread safe. Made by the methods of this class.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AdamOptimizer), "adam")]
[JsonDerivedType(typeof(SgdOptimizer), "sgd")]
public abstract record Optimizer
{
    /// <summary>Weights are 32-bit floats, and a step divides by numbers far below 1: larger settings could leave their range.</summary>
    private protected const double Most = 1e6;

    private protected Optimizer() { }

    /// <summary>Size of a step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>L2 penalty: this times the weight is added to its gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Weights that learn otherwise, by the beginning of their paths; the first group that fits a weight counts. Default: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ParameterGroup>? Groups { get; init; }

    /// <summary>Adam (Kingma and Ba 2015), with bias correction.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.001.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the mean of their squares; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Adam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new AdamOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Stochastic gradient descent: velocity = momentum * velocity + gradient; weight -= learning rate * velocity.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.01.</param>
    /// <param name="momentum">Share of the last step that goes on; at least 0, less than 1. Default 0.</param>
    /// <param name="nesterov">Nesterov's look-ahead; needs a momentum. Default false.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Sgd(double learningRate = 1e-2, double momentum = 0, bool nesterov = false, double weightDecay = 0) =>
        new SgdOptimizer { LearningRate = learningRate, Momentum = momentum, Nesterov = nesterov, WeightDecay = weightDecay };

    /// <summary>The same settings and equal groups.</summary>
    public virtual bool Equals(Optimizer? other) =>
        other is not null && EqualityContract == other.EqualityContract && LearningRate == other.LearningRate && WeightDecay == other.WeightDecay &&
        (Groups ?? []).SequenceEqual(other.Groups ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, LearningRate, WeightDecay);

    /// <summary><c>Adam, learning rate 0.001</c>; the weight decay and the groups where there are some.</summary>
    public sealed override string ToString()
    {
        var text = $"{Describe()}, learning rate {Text(LearningRate)}{(WeightDecay == 0 ? "" : $", weight decay {Text(WeightDecay)}")}";
        return string.Join(", ", (Groups ?? []).Select(group => group.ToString()).Prepend(text));
    }

    /// <summary>Begins to optimize these parameters. The caller disposes the result.</summary>
    internal abstract UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters);

    private protected abstract string Describe();

    /// <exception cref="ArgumentException">A group fits none of the weights that there are.</exception>
    internal void CheckGroups(IReadOnlyList<string> paths)
    {
        if ((Groups ?? []).FirstOrDefault(group => !paths.Any(group.Holds)) is { } idle)
            throw new ArgumentException($"Optimizer: no weight has a path that begins with '{idle.Path}'. There are: {string.Join(", ", paths)}.");
    }

    /// <summary>What is out of range, one sentence each.</summary>
    internal virtual IEnumerable<string> Errors()
    {
        if (LearningRate is not (> 0 and <= Most)) yield return $"Optimizer: the learning rate is {Text(LearningRate)}; it must be greater than 0 and at most 1e6.";
        if (WeightDecay is not (>= 0 and <= Most)) yield return $"Optimizer: the weight decay is {Text(WeightDecay)}; it must be at least 0 and at most 1e6.";
        foreach (var group in Groups ?? [])
        {
            if (group is null || string.IsNullOrEmpty(group.Path)) yield return "Optimizer: a parameter group has no path.";
            else if (group.Path.AsSpan().ContainsLoneSurrogate()) yield return "Optimizer: the path of a parameter group is not valid UTF-16 text (half of a surrogate pair).";
            else if (group.LearningRateFactor is not (>= 0 and <= Most))
                yield return $"Optimizer: the learning rate factor of '{group.Path}' is {Text(group.LearningRateFactor)}; it must be at least 0 and at most 1e6.";
            else if (group.WeightDecay is { } decay and not (>= 0 and <= Most))
                yield return $"Optimizer: the weight decay of '{group.Path}' is {Text(decay)}; it must be at least 0 and at most 1e6.";
        }
    }

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

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

/// <summary>What <see cref="Optimizer.Adam"/> makes.</summary>
public sealed record AdamOptimizer : Optimizer
{
    /// <summary>Decay of the mean of the gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters) => new AdamRule(parameters, this);

    private protected override string Describe() => "Adam";

    internal override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors()) yield return error;
        if (Beta1 is not (>= 0 and < 1)) yield return $"Optimizer: beta1 is {Text(Beta1)}; it must be at least 0 and less than 1.";
        if (Beta2 is not (>= 0 and < 1)) yield return $"Optimizer: beta2 is {Text(Beta2)}; it must be at least 0 and less than 1.";
        if (Epsilon is not (>= 1e-37 and <= Most)) yield return $"Optimizer: epsilon is {Text(Epsilon)}; it must be at least 1e-37 and at most 1e6.";
    }
}

/// <summary>What <see cref="Optimizer.Sgd"/> makes.</summary>
public sealed record SgdOptimizer : Optimizer
{
    /// <summary>Share of the last step that goes on.</summary>
    public double Momentum { get; init; }

    /// <summary>Nesterov's look-ahead.</summary>
    public bool Nesterov { get; init; }

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters) => new SgdRule(parameters, this);

    private protected override string Describe() => Momentum == 0 ? "SGD" : string.Create(CultureInfo.InvariantCulture, $"SGD with {(Nesterov ? "Nesterov " : "")}momentum {Momentum}");

    internal override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors()) yield return error;
        if (Momentum is not (>= 0 and < 1)) yield return $"Optimizer: the momentum is {Text(Momentum)}; it must be at least 0 and less than 1.";
        if (Nesterov && Momentum == 0) yield return "Optimizer: Nesterov's look-ahead needs a momentum greater than 0.";
    }
}
