using System.Text.Json.Serialization;
using CnnMlNet.Training;
using TorchSharp.Modules;

namespace CnnMlNet;

/// <summary>How the weights follow the gradients. Immutable; thread safe. Made by the methods of <see cref="Optimizers"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AdamOptimizer), "adam")]
[JsonDerivedType(typeof(SgdOptimizer), "sgd")]
public abstract record Optimizer
{
    private protected Optimizer() { }

    /// <summary>Size of a step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>L2 penalty: this times the weight is added to its gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Begins to optimize these parameters. The caller disposes the result.</summary>
    internal abstract UpdateRule Start(IEnumerable<Parameter> parameters);

    /// <summary>What is out of range, one sentence each.</summary>
    internal virtual IEnumerable<string> Errors()
    {
        // Weights are floats: a larger number could not be multiplied with them.
        if (LearningRate is not (> 0 and <= float.MaxValue)) yield return $"Optimizer: the learning rate is {LearningRate}; it must be greater than 0.";
        if (WeightDecay is not (>= 0 and <= float.MaxValue)) yield return $"Optimizer: the weight decay is {WeightDecay}; it must be at least 0.";
    }
}

/// <summary>The optimizers there are.</summary>
public static class Optimizers
{
    /// <summary>Adam (Kingma and Ba 2015), with bias correction.</summary>
    /// <param name="learningRate">Size of a step; greater than 0. Default 0.001.</param>
    /// <param name="beta1">Decay of the mean of the gradients; at least 0, less than 1. Default 0.9.</param>
    /// <param name="beta2">Decay of the mean of their squares; at least 0, less than 1. Default 0.999.</param>
    /// <param name="epsilon">Added to the denominator; greater than 0. Default 1e-8.</param>
    /// <param name="weightDecay">L2 penalty; at least 0. Default 0.</param>
    public static Optimizer Adam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new AdamOptimizer { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay };

    /// <summary>Stochastic gradient descent: velocity = momentum * velocity + gradient; weight -= learning rate * velocity.</summary>
    /// <param name="learningRate">Size of a step; greater than 0. Default 0.01.</param>
    /// <param name="momentum">Share of the last step that goes on; at least 0, less than 1. Default 0.</param>
    /// <param name="nesterov">Nesterov's look-ahead; needs a momentum. Default false.</param>
    /// <param name="weightDecay">L2 penalty; at least 0. Default 0.</param>
    public static Optimizer Sgd(double learningRate = 1e-2, double momentum = 0, bool nesterov = false, double weightDecay = 0) =>
        new SgdOptimizer { LearningRate = learningRate, Momentum = momentum, Nesterov = nesterov, WeightDecay = weightDecay };
}

internal sealed record AdamOptimizer : Optimizer
{
    public double Beta1 { get; init; }
    public double Beta2 { get; init; }
    public double Epsilon { get; init; }

    internal override UpdateRule Start(IEnumerable<Parameter> parameters) => new AdamRule(parameters, this);

    internal override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors()) yield return error;
        if (Beta1 is not (>= 0 and < 1)) yield return $"Optimizer: beta1 is {Beta1}; it must be at least 0 and less than 1.";
        if (Beta2 is not (>= 0 and < 1)) yield return $"Optimizer: beta2 is {Beta2}; it must be at least 0 and less than 1.";
        if (!(Epsilon > 0)) yield return $"Optimizer: epsilon is {Epsilon}; it must be greater than 0.";
    }
}

internal sealed record SgdOptimizer : Optimizer
{
    public double Momentum { get; init; }
    public bool Nesterov { get; init; }

    internal override UpdateRule Start(IEnumerable<Parameter> parameters) => new SgdRule(parameters, this);

    internal override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors()) yield return error;
        if (Momentum is not (>= 0 and < 1)) yield return $"Optimizer: the momentum is {Momentum}; it must be at least 0 and less than 1.";
        if (Nesterov && Momentum == 0) yield return "Optimizer: Nesterov's look-ahead needs a momentum greater than 0.";
    }
}
