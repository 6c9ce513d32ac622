using CnnMlNet.Training;
using TorchSharp.Modules;

namespace CnnMlNet;

/// <summary>Adam and its kin, which follow the mean of the gradients (the first moment) and their size.</summary>
public abstract record MomentOptimizer : Optimizer
{
    private protected MomentOptimizer() { }

    /// <summary>Decay of the mean of the gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of their squares; of the largest, for <see cref="AdamaxOptimizer"/>.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override IEnumerable<string> Errors() =>
        base.Errors().Concat(ShareError("beta1", Beta1)).Concat(ShareError("beta2", Beta2)).Concat(EpsilonError(Epsilon));
}

/// <summary>What <see cref="Optimizer.Adam"/> makes.</summary>
public sealed record AdamOptimizer : MomentOptimizer
{
    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new AdamRule(parameters, this);

    private protected override string Describe() => "Adam";
}

/// <summary>What <see cref="Optimizer.AdamW"/> makes.</summary>
public sealed record AdamWOptimizer : MomentOptimizer
{
    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new AdamRule(parameters, this);

    private protected override string Describe() => "AdamW";
}

/// <summary>What <see cref="Optimizer.Adamax"/> makes.</summary>
public sealed record AdamaxOptimizer : MomentOptimizer
{
    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new AdamaxRule(parameters, this);

    private protected override string Describe() => "Adamax";
}

/// <summary>What <see cref="Optimizer.NAdam"/> makes.</summary>
public sealed record NAdamOptimizer : MomentOptimizer
{
    /// <summary>How fast the momentum grows from half of <see cref="MomentOptimizer.Beta1"/> to all of it.</summary>
    public double MomentumDecay { get; init; } = 4e-3;

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new NAdamRule(parameters, this);

    private protected override string Describe() => "NAdam";

    internal override IEnumerable<string> Errors() => base.Errors().Concat(SizeError("the momentum decay", MomentumDecay));
}

/// <summary>What <see cref="Optimizer.RAdam"/> makes.</summary>
public sealed record RAdamOptimizer : MomentOptimizer
{
    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new RAdamRule(parameters, this);

    private protected override string Describe() => "RAdam";
}
