using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Dropout"/> makes.</summary>
public sealed record DropoutLayer : Layer
{
    /// <summary>Probability of a zero.</summary>
    public required double Probability { get; init; }

    private protected override string Describe() => FormattableString.Invariant($"Dropout {Probability}");

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        if (!pass.Training || Probability == 0) return x;

        // As LibTorch does it, but drawn from the run's own generator instead of the process's.
        using Scalar scale = 1 / (1 - Probability);
        Tensor mask;
        using (no_grad()) mask = empty_like(x).bernoulli_(1 - Probability, pass.Random).mul_(scale);
        return x.mul(mask);
    }

    internal override Layer Checked() => Probability is >= 0 and < 1
        ? base.Checked()
        : throw new ArgumentOutOfRangeException("probability", Probability, "must be at least 0 and less than 1");
}
