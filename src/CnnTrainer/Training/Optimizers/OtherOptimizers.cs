using System.Globalization;
using CnnMlNet.Training;
using TorchSharp.Modules;

namespace CnnMlNet;

/// <summary>What <see cref="Optimizer.Sgd"/> makes.</summary>
public sealed record SgdOptimizer : Optimizer
{
    /// <summary>Share of the last step that goes on.</summary>
    public double Momentum { get; init; }

    /// <summary>Nesterov's look-ahead.</summary>
    public bool Nesterov { get; init; }

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new SgdRule(parameters, this, givenMomentum);

    private protected override string Describe() => Momentum == 0 ? "SGD" : string.Create(CultureInfo.InvariantCulture, $"SGD with {(Nesterov ? "Nesterov " : "")}momentum {Momentum}");

    internal override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors().Concat(ShareError("the momentum", Momentum))) yield return error;
        if (Nesterov && Momentum == 0) yield return "Optimizer: Nesterov's look-ahead needs a momentum greater than 0.";
    }
}

/// <summary>What <see cref="Optimizer.RmsProp"/> makes.</summary>
public sealed record RmsPropOptimizer : Optimizer
{
    /// <summary>Decay of the means.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of the last step that goes on.</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the mean of the gradients is taken from that of the squares.</summary>
    public bool Centered { get; init; }

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new RmsPropRule(parameters, this, givenMomentum);

    private protected override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Centered ? "centered " : "")}RMSprop{(Momentum == 0 ? "" : $" with momentum {Text(Momentum)}")}");

    internal override IEnumerable<string> Errors() =>
        base.Errors().Concat(ShareError("alpha", Alpha)).Concat(EpsilonError(Epsilon)).Concat(ShareError("the momentum", Momentum));
}

/// <summary>What <see cref="Optimizer.Adagrad"/> makes.</summary>
public sealed record AdagradOptimizer : Optimizer
{
    /// <summary>Step t has the learning rate over 1 + (t - 1) times this.</summary>
    public double RateDecay { get; init; }

    /// <summary>Where the sums of squares begin.</summary>
    public double FirstSum { get; init; }

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-10;

    internal override bool HasMomentum => false;

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new AdagradRule(parameters, this);

    private protected override string Describe() => "Adagrad";

    internal override IEnumerable<string> Errors() =>
        base.Errors().Concat(SizeError("the rate decay", RateDecay)).Concat(SizeError("the first sum", FirstSum)).Concat(EpsilonError(Epsilon));
}

/// <summary>What <see cref="Optimizer.Adadelta"/> makes.</summary>
public sealed record AdadeltaOptimizer : Optimizer
{
    /// <summary>Decay of the means of squares.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>Added to both means.</summary>
    public double Epsilon { get; init; } = 1e-6;

    internal override bool HasMomentum => false;

    internal override UpdateRule Start(IEnumerable<(string Path, Parameter Parameter)> parameters, bool givenMomentum) => new AdadeltaRule(parameters, this);

    private protected override string Describe() => "Adadelta";

    internal override IEnumerable<string> Errors() => base.Errors().Concat(ShareError("rho", Rho)).Concat(EpsilonError(Epsilon));
}
