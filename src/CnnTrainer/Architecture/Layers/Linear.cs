using System.ComponentModel;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Linear"/> makes.</summary>
public sealed record LinearLayer : WeightedLayer
{
    /// <summary>Number of neurons.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether each neuron adds a learned number.</summary>
    [DefaultValue(true)]
    public bool Bias { get; init; } = true;

    private protected override bool HasBias => Bias;

    private protected override string Describe() => $"Linear {Outputs}{(Bias ? "" : ", no bias")}";

    internal override ActivationShape OutputFor(ActivationShape input) => FullyConnected.Output(input, Outputs);

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input) => [.. FullyConnected.Weights(input, Outputs).Take(Bias ? 2 : 1)];

    internal override long MultiplyAddsFor(ActivationShape input) => checked(input.Channels * Outputs);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => FullyConnected.Apply(x, step, pass);

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Outputs, 1, "outputs");
        return base.Checked();
    }
}

/// <summary>What <see cref="LinearLayer"/> and <see cref="OutputLayer"/> share.</summary>
internal static class FullyConnected
{
    public static ActivationShape Output(ActivationShape input, int outputs) => input.IsImage
        ? throw new LayerMisfit("it needs a flat vector [F]: put Layer.Flatten() before it")
        : ActivationShape.Flat(outputs);

    public static Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.linear(pass.Lower(x), pass.Lower(step.Weights[0]), step.Weights.Count > 1 ? pass.Lower(step.Weights[1]) : null);

    public static IReadOnlyList<Weight> Weights(ActivationShape input, int outputs)
    {
        var first = FirstValues.Uniform(input.Channels);
        return [new("weight", [outputs, input.Channels], first), new("bias", [outputs], first)];
    }
}
