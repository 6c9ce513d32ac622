using CnnMlNet.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.BatchNorm"/> makes.</summary>
public sealed record BatchNormLayer : Layer
{
    private const double Momentum = 0.1, Epsilon = 1e-5;   // PyTorch's

    private protected override string Describe() => "BatchNorm";

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override IReadOnlyList<Weight> WeightsFor(ActivationShape input) =>
    [
        new("weight", [input.Channels], Initializer.Ones),
        new("bias", [input.Channels], Initializer.Zeros),
        new("running_mean", [input.Channels], Initializer.Zeros, IsTrained: false),
        new("running_var", [input.Channels], Initializer.Ones, IsTrained: false),
        new("num_batches_tracked", [], Initializer.Zeros, IsTrained: false, ScalarType.Int64),
    ];

    internal override long MultiplyAddsFor(ActivationShape input) => input.Size;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        bool learns = pass.Training && !step.IsFrozen;
        if (learns) step.Weights[4].add_(Scalars.One);
        return functional.batch_norm(
            x, step.Weights[2], step.Weights[3], step.Weights[0], step.Weights[1], learns, Momentum, Epsilon);
    }
}
