using System.ComponentModel;
using static System.FormattableString;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.GroupNorm"/> makes.</summary>
public sealed record GroupNormLayer : WeightedLayer
{
    /// <summary>Number of groups of channels.</summary>
    public required int Groups { get; init; }

    /// <summary>Added to the variance.</summary>
    [DefaultValue(Normalisation.UsualEpsilon)]
    public double Epsilon { get; init; } = Normalisation.UsualEpsilon;

    private protected override bool HasFans => false;

    private protected override string Describe() => Invariant($"GroupNorm {Groups}{Normalisation.Describe(Epsilon)}");

    internal override ActivationShape OutputFor(ActivationShape input)
    {
        if (input.Channels % Groups != 0)
        {
            long[] fitting = [.. Divisors(input.Channels).Order()];
            var nearest = new[] { fitting.Last(divisor => divisor < Groups), fitting.FirstOrDefault(divisor => divisor > Groups) }.Where(divisor => divisor > 0);
            throw new LayerMisfit($"its {Groups} groups do not divide the {input.Channels} channels of the input: use {string.Join(" or ", nearest)}");
        }

        return input.Size > Groups
            ? input
            : throw new LayerMisfit("each group would have one value, of which normalisation leaves nothing: use fewer groups, or move it before the down-sampling");
    }

    private static IEnumerable<long> Divisors(long number)
    {
        for (long divisor = 1; divisor * divisor <= number; divisor++)
        {
            if (number % divisor != 0) continue;
            yield return divisor;
            yield return number / divisor;
        }
    }

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input) => Normalisation.ScaleAndShift(input);

    internal override long MultiplyAddsFor(ActivationShape input) => input.Size;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var full = Pass.Full(x);
        if (pass.Training && !full.requires_grad) full = full.contiguous();   // LibTorch 2.6 crashes in the backward pass of channels-last images that need no gradient
        return functional.group_norm(full, Groups, step.Weights[0], step.Weights[1], Epsilon);
    }

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Groups, 1, "groups");
        Normalisation.CheckEpsilon(Epsilon);
        return base.Checked();
    }
}

/// <summary>What <see cref="BatchNormLayer"/> and <see cref="GroupNormLayer"/> share.</summary>
internal static class Normalisation
{
    public const double UsualEpsilon = 1e-5;

    public static IReadOnlyList<Weight> ScaleAndShift(ActivationShape input) =>
        [new("weight", [input.Channels], FirstValues.Ones), new("bias", [input.Channels], FirstValues.Zeros)];

    public static string Describe(double epsilon) => epsilon == UsualEpsilon ? "" : Invariant($", epsilon {epsilon}");

    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public static void CheckEpsilon(double epsilon)
    {
        if (epsilon is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "must be greater than 0 and at most 1");
    }
}
