using System.Text.Json.Serialization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Output"/> makes.</summary>
public sealed record OutputLayer : WeightedLayer
{
    /// <summary>How many the task needs; null until a network is made.</summary>
    [JsonIgnore]
    internal int? Outputs { get; init; }

    /// <summary>Whether every pixel has that many.</summary>
    [JsonIgnore]
    internal bool IsPerPixel { get; init; }

    private protected override string Describe() => $"Output{(Outputs is null ? "" : $" {Outputs}")}{(IsPerPixel ? " per pixel" : "")}";

    internal override ActivationShape OutputFor(ActivationShape input)
    {
        if (!IsPerPixel) return FullyConnected.Output(input, Outputs!.Value);
        return input.IsImage
            ? ActivationShape.Image(Outputs!.Value, input.Height, input.Width)
            : throw new LayerMisfit("a class for every pixel needs an image [C, H, W]: leave out Layer.Flatten() and the layers that follow it");
    }

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input)
    {
        var weights = FullyConnected.Weights(input, Outputs!.Value);
        return IsPerPixel ? [weights[0] with { Shape = [.. weights[0].Shape, 1, 1] }, weights[1]] : weights;
    }

    internal override long MultiplyAddsFor(ActivationShape input) => checked(input.Size * Outputs!.Value);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => IsPerPixel
        ? functional.conv2d(pass.Lower(x), pass.Lower(step.Weights[0]), pass.Lower(step.Weights[1]))
        : FullyConnected.Apply(x, step, pass);

    internal override Layer WithOutputs(int outputs, bool perPixel) => this with { Outputs = outputs, IsPerPixel = perPixel };
}
