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

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        pass.Training && Probability > 0 ? Dropping.Some(x, empty_like(x), Probability, pass) : x;

    internal override Layer Checked()
    {
        Dropping.Check(Probability);
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.Dropout2d"/> makes.</summary>
public sealed record Dropout2dLayer : Layer
{
    /// <summary>Probability that a channel is zero.</summary>
    public required double Probability { get; init; }

    private protected override string Describe() => FormattableString.Invariant($"Dropout2d {Probability}");

    internal override ActivationShape OutputFor(ActivationShape input) => Sliding.ImageInput(input);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        pass.Training && Probability > 0 ? Dropping.Some(x, empty((long[])[x.shape[0], x.shape[1], 1, 1], x.dtype, x.device), Probability, pass) : x;

    internal override Layer Checked()
    {
        Dropping.Check(Probability);
        return base.Checked();
    }
}

/// <summary>What <see cref="DropoutLayer"/> and <see cref="Dropout2dLayer"/> share.</summary>
internal static class Dropping
{
    /// <summary>As LibTorch does it, but drawn from the run's own generator instead of the process's.</summary>
    /// <param name="x">The values.</param>
    /// <param name="mask">A number for each value or for each channel, to be filled.</param>
    /// <param name="probability">Of a zero; the others are scaled so that the mean stays.</param>
    /// <param name="pass">Where the randomness comes from.</param>
    public static Tensor Some(Tensor x, Tensor mask, double probability, Pass pass)
    {
        using Scalar scale = 1 / (1 - probability);
        using (no_grad()) mask.bernoulli_(1 - probability, pass.Random).mul_(scale);
        return x.mul(mask);
    }

    /// <exception cref="ArgumentOutOfRangeException">It is no probability that leaves something.</exception>
    public static void Check(double probability)
    {
        if (probability is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "must be at least 0 and less than 1");
    }
}
