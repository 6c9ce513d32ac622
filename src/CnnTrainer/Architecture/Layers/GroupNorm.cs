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
            long less = Groups, more = Groups;
            while (input.Channels % less != 0) less--;
            while (more < input.Channels && input.Channels % more != 0) more++;
            throw new LayerMisfit($"its {Groups} groups do not divide the {input.Channels} channels of the input: use {less}{(Groups < input.Channels ? $" or {more}" : "")}");
        }

        return input.Size > Groups
            ? input
            : throw new LayerMisfit("each group would have one value, of which normalisation leaves nothing: use fewer groups, or move it before the down-sampling");
    }

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input) => Normalisation.ScaleAndShift(input);

    internal override long MultiplyAddsFor(ActivationShape input) => input.Size;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.group_norm(x, Groups, step.Weights[0], step.Weights[1], Epsilon);

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
