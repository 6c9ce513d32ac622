using System.ComponentModel;
using CnnMlNet.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.BatchNorm"/> makes.</summary>
public sealed record BatchNormLayer : WeightedLayer
{
    private const double UsualMomentum = 0.1;

    /// <summary>Share of a batch in the running statistics.</summary>
    [DefaultValue(UsualMomentum)]
    public double Momentum { get; init; } = UsualMomentum;

    /// <summary>Added to the variance.</summary>
    [DefaultValue(Normalisation.UsualEpsilon)]
    public double Epsilon { get; init; } = Normalisation.UsualEpsilon;

    private protected override bool HasFans => false;

    private protected override string Describe() =>
        "BatchNorm" + (Momentum == UsualMomentum ? "" : FormattableString.Invariant($", momentum {Momentum}")) + Normalisation.Describe(Epsilon);

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input) =>
    [
        .. Normalisation.ScaleAndShift(input),
        new("running_mean", [input.Channels], FirstValues.Zeros, IsTrained: false),
        new("running_var", [input.Channels], FirstValues.Ones, IsTrained: false),
        new("num_batches_tracked", [], FirstValues.Zeros, IsTrained: false, ScalarType.Int64),
    ];

    internal override long MultiplyAddsFor(ActivationShape input) => input.Size;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        bool learns = pass.Training && !step.IsFrozen;
        if (learns) step.Weights[4].add_(Scalars.One);
        return functional.batch_norm(
            x, step.Weights[2], step.Weights[3], step.Weights[0], step.Weights[1], learns, Momentum, Epsilon);
    }

    internal override Layer Checked()
    {
        if (Momentum is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException("momentum", Momentum, "must be greater than 0 and at most 1");
        Normalisation.CheckEpsilon(Epsilon);
        return base.Checked();
    }
}
