using System.ComponentModel;
using TorchSharp;
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
    private const long LeastProducts = 4_000_000;
    private const long LeastCopied = 1 << 16;   // below, the copy is cheap, and a row alone gives what it gives in a batch to the bit

    public static ActivationShape Output(ActivationShape input, int outputs) => input.IsImage
        ? throw new LayerMisfit("it needs a flat vector [F]: put Layer.Flatten() before it")
        : ActivationShape.Flat(outputs);

    public static Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var (weight, bias) = (step.Weights[0], step.Weights.Count > 1 ? step.Weights[1] : null);
        var lowered = pass.Lower(x);
        if (!pass.Training && lowered.shape[0] == 1 && weight.NumberOfElements >= LeastCopied && IsOrdinary(lowered)) return OfOneRow(x, weight, bias);
        return IsLarge(lowered, weight) ? AsConvolution(x, weight, bias) : functional.linear(lowered, pass.Lower(weight), bias is null ? null : pass.Lower(bias));
    }

    /// <summary>The same product for a single row: many a matrix library copies the whole weight first, four times the work.</summary>
    private static Tensor OfOneRow(Tensor x, Tensor weight, Tensor? bias)
    {
        var row = x.flatten();
        return (bias is null ? weight.mv(row) : bias.addmv(weight, row)).reshape(1, -1);
    }

    /// <summary>
    /// The same product as a convolution of kernel 1 over an image of which each row is a pixel: oneDNN computes it on all threads, one and a half to four times
    /// as fast as the matrix library that LibTorch has beside it, which computes on one, and not on every processor with all of its instructions.
    /// </summary>
    private static Tensor AsConvolution(Tensor x, Tensor weight, Tensor? bias)
    {
        long rows = x.shape[0], outputs = weight.shape[0];
        var pixels = x.reshape(1, 1, rows, -1).permute(0, 3, 1, 2);
        return functional.conv2d(pixels, weight.reshape(outputs, -1, 1, 1), bias).permute(0, 2, 3, 1).reshape(rows, outputs);
    }

    /// <summary>Whether it pays, and LibTorch leaves it to oneDNN: that is for inputs of more than 20,480 values.</summary>
    private static bool IsLarge(Tensor x, Tensor weight) => IsOrdinary(x) && x.shape[0] * weight.NumberOfElements >= LeastProducts && x.NumberOfElements > 20_480;

    private static bool IsOrdinary(Tensor x) => x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32;

    public static IReadOnlyList<Weight> Weights(ActivationShape input, int outputs)
    {
        var first = FirstValues.Uniform(input.Channels);
        return [new("weight", [outputs, input.Channels], first), new("bias", [outputs], first)];
    }
}
