using System.Text.Json.Serialization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Linear"/> makes.</summary>
public sealed record LinearLayer : Layer
{
    /// <summary>Number of neurons.</summary>
    public required int Outputs { get; init; }

    private protected override string Describe() => $"Linear {Outputs}";

    internal override ActivationShape OutputFor(ActivationShape input) => FullyConnected.Output(input, Outputs);

    internal override IReadOnlyList<Weight> WeightsFor(ActivationShape input) => FullyConnected.Weights(input, Outputs);

    internal override long MultiplyAddsFor(ActivationShape input) => checked(input.Channels * Outputs);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.linear(x, step.Weights[0], step.Weights[1]);

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Outputs, 1, "outputs");
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.Output"/> makes.</summary>
public sealed record OutputLayer : Layer
{
    /// <summary>How many the task needs; null until a network is made.</summary>
    [JsonIgnore]
    internal int? Outputs { get; init; }

    private protected override string Describe() => Outputs is null ? "Output" : $"Output {Outputs}";

    internal override ActivationShape OutputFor(ActivationShape input) => FullyConnected.Output(input, Outputs!.Value);

    internal override IReadOnlyList<Weight> WeightsFor(ActivationShape input) => FullyConnected.Weights(input, Outputs!.Value);

    internal override long MultiplyAddsFor(ActivationShape input) => checked(input.Channels * Outputs!.Value);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.linear(x, step.Weights[0], step.Weights[1]);

    internal override Layer WithOutputs(int outputs) => this with { Outputs = outputs };
}

/// <summary>What <see cref="LinearLayer"/> and <see cref="OutputLayer"/> share.</summary>
internal static class FullyConnected
{
    public static ActivationShape Output(ActivationShape input, int outputs) => input.IsImage
        ? throw new LayerMisfit("it needs a flat vector [F]: put Layer.Flatten() before it")
        : ActivationShape.Flat(outputs);

    public static IReadOnlyList<Weight> Weights(ActivationShape input, int outputs)
    {
        var first = Initializer.Uniform(input.Channels);
        return [new("weight", [outputs, input.Channels], first), new("bias", [outputs], first)];
    }
}
