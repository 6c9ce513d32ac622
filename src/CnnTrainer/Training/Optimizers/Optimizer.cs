using System.Globalization;
using System.Text.Json.Serialization;
using CnnMlNet.Rows;
using CnnMlNet.Training;
using TorchSharp.Modules;

namespace CnnMlNet;

/// <summary>How the weights follow the gradients, in PyTorch's numbers. Immutable; thread safe. Made by the methods of this class.</summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AdamOptimizer), "adam")]
[JsonDerivedType(typeof(SgdOptimizer), "sgd")]
[JsonDerivedType(typeof(AdamWOptimizer), "adamw")]
[JsonDerivedType(typeof(AdamaxOptimizer), "adamax")]
[JsonDerivedType(typeof(NAdamOptimizer), "nadam")]
[JsonDerivedType(typeof(RAdamOptimizer), "radam")]
[JsonDerivedType(typeof(RmsPropOptimizer), "rmsprop")]
[JsonDerivedType(typeof(AdagradOptimizer), "adagrad")]
[JsonDerivedType(typeof(AdadeltaOptimizer), "adadelta")]
public abstract record Optimizer
{
    /// <summary>Weights are 32-bit floats, and a step divides by numbers far below 1: larger settings could leave their range.</summary>
    private protected const double Most = 1e6;

    private protected Optimizer() { }

    /// <summary>Size of a step, before a <see cref="Schedule"/> changes it.</summary>
    public required double LearningRate { get; init; }

    /// <summary>L2 penalty: this times the weight is added to its gradient. <see cref="AdamW"/> shrinks the weight instead.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Whether biases and the scales and shifts of norms, which are all weights of one dimension, go without weight decay, unless their
    /// <see cref="ParameterGroup"/> gives one. Default false: all weights decay, as in PyTorch.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SparesBiasesAndNorms { get; init; }

    /// <summary>Weights that learn otherwise, by the beginning of their paths; the first group that fits a weight counts. Default: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ParameterGroup>? Groups { get; init => field = value is null ? null : [.. value]; }

    /// <summary>Adam (Kingma and Ba 2015), with bias correction.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.001.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the mean of their squares; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Adam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new AdamOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>
    /// Adam whose weight decay does not pass through the means (Loshchilov and Hutter 2019): before each step, weight *= 1 - learning rate *
    /// weight decay.
    /// </summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.001.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the mean of their squares; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="weightDecay">Share of the weight that goes in a step of learning rate 1; at least 0, at most 1e6. Default 0.01.</param>
    public static Optimizer AdamW(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01) =>
        new AdamWOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Adam with the largest recent gradient in place of the mean of squares (Kingma and Ba 2015, section 7.1).</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.002.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the largest gradient; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the size of a gradient; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Adamax(double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new AdamaxOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Adam with Nesterov's look-ahead (Dozat 2016), in PyTorch 2's numbers: those of PyTorch 1 have a factor too many.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.002.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the mean of their squares; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    /// <param name="momentumDecay">How fast the momentum grows from half of <paramref name="beta1"/> to all of it; at least 0, at most 1e6. Default 0.004.</param>
    public static Optimizer NAdam(
        double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3) =>
        new NAdamOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay, MomentumDecay = momentumDecay };

    /// <summary>Adam that needs no warm-up: the first steps trust the mean of squares only as far as it is known (Liu et al. 2020, algorithm 2).</summary>
    /// <inheritdoc cref="Adam"/>
    public static Optimizer RAdam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new RAdamOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Stochastic gradient descent: velocity = momentum * velocity + gradient; weight -= learning rate * velocity.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.01.</param>
    /// <param name="momentum">Share of the last step that goes on; at least 0, less than 1. Default 0.</param>
    /// <param name="nesterov">Nesterov's look-ahead; needs a momentum. Default false.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Sgd(double learningRate = 1e-2, double momentum = 0, bool nesterov = false, double weightDecay = 0) =>
        new SgdOptimizer { LearningRate = learningRate, Momentum = momentum, Nesterov = nesterov, WeightDecay = weightDecay };

    /// <summary>RMSprop (Hinton 2012, lecture 6e): a gradient is divided by the root of the mean of its squares.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.01.</param>
    /// <param name="alpha">Decay of the means; at least 0, less than 1. Default 0.99.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-8.</param>
    /// <param name="momentum">Share of the last step that goes on; at least 0, less than 1. Default 0.</param>
    /// <param name="centered">Whether the mean of the gradients is taken from that of the squares (Graves 2013), which leaves a variance. Default false.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer RmsProp(
        double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false, double weightDecay = 0) =>
        new RmsPropOptimizer { LearningRate = learningRate, Alpha = alpha, Epsilon = epsilon, Momentum = momentum, Centered = centered, WeightDecay = weightDecay };

    /// <summary>Adagrad (Duchi, Hazan and Singer 2011): a gradient is divided by the root of the sum of all its squares.</summary>
    /// <param name="learningRate">Size of a step; greater than 0, at most 1e6. Default 0.01.</param>
    /// <param name="rateDecay">Step t has the learning rate over 1 + (t - 1) times this; at least 0, at most 1e6. Default 0.</param>
    /// <param name="firstSum">Where the sums begin; at least 0, at most 1e6. Default 0.</param>
    /// <param name="epsilon">Added to the denominator; at least 1e-37, at most 1e6. Default 1e-10.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Adagrad(double learningRate = 1e-2, double rateDecay = 0, double firstSum = 0, double epsilon = 1e-10, double weightDecay = 0) =>
        new AdagradOptimizer { LearningRate = learningRate, RateDecay = rateDecay, FirstSum = firstSum, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Adadelta (Zeiler 2012): steps as long as the last ones were for the gradients of the time.</summary>
    /// <param name="learningRate">Times the step that the rule finds; greater than 0, at most 1e6. Default 1.</param>
    /// <param name="rho">Decay of the means of squares; at least 0, less than 1. Default 0.9.</param>
    /// <param name="epsilon">Added to both means; at least 1e-37, at most 1e6. Default 1e-6.</param>
    /// <param name="weightDecay">L2 penalty; at least 0, at most 1e6. Default 0.</param>
    public static Optimizer Adadelta(double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0) =>
        new AdadeltaOptimizer { LearningRate = learningRate, Rho = rho, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>The same settings and equal groups.</summary>
    public virtual bool Equals(Optimizer? other) =>
        other is not null && EqualityContract == other.EqualityContract &&
        (LearningRate, WeightDecay, SparesBiasesAndNorms) == (other.LearningRate, other.WeightDecay, other.SparesBiasesAndNorms) &&
        (Groups ?? []).SequenceEqual(other.Groups ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, LearningRate, WeightDecay, SparesBiasesAndNorms);

    /// <summary><c>Adam, learning rate 0.001</c>; the weight decay and the groups where there are some.</summary>
    public sealed override string ToString()
    {
        var spared = SparesBiasesAndNorms ? " but for biases and norms" : "";
        var text = $"{Describe()}, learning rate {Text(LearningRate)}{(WeightDecay == 0 ? "" : $", weight decay {Text(WeightDecay)}{spared}")}";
        return string.Join(", ", (Groups ?? []).Select(group => group.ToString()).Prepend(text));
    }

    /// <summary>Whether it has a momentum, or a decay of the mean of the gradients, that a schedule may change.</summary>
    internal virtual bool HasMomentum => true;

    /// <summary>Begins to optimize these parameters. The caller disposes the result.</summary>
    /// <param name="parameters">The parameters, in the network's order.</param>
    /// <param name="givenMomentum">Whether each step will be given a momentum, which takes memory where the optimizer has none of its own.</param>
    internal abstract UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum = false);

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

    private protected static IEnumerable<string> EpsilonError(double epsilon) => epsilon is >= 1e-37 and <= Most
        ? [] : [$"Optimizer: epsilon is {Text(epsilon)}; it must be at least 1e-37 and at most 1e6."];

    /// <summary>For what says how much of the past is kept.</summary>
    private protected static IEnumerable<string> ShareError(string name, double share) => share is >= 0 and < 1
        ? [] : [$"Optimizer: {name} is {Text(share)}; it must be at least 0 and less than 1."];

    private protected static IEnumerable<string> SizeError(string name, double size) => size is >= 0 and <= Most
        ? [] : [$"Optimizer: {name} is {Text(size)}; it must be at least 0 and at most 1e6."];

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
