using System.ComponentModel;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Upsample"/> makes.</summary>
public sealed record UpsampleLayer : Layer
{
    /// <summary>How many times the height and the width.</summary>
    public required int Factor { get; init; }

    /// <summary>Whether values between pixels are interpolated; false to repeat the pixels.</summary>
    [DefaultValue(false)]
    public bool Bilinear { get; init; }

    private protected override string Describe() => $"Upsample {Factor}{(Bilinear ? ", bilinear" : "")}";

    internal override ActivationShape OutputFor(ActivationShape input) =>
        ActivationShape.Image(Sliding.ImageInput(input).Channels, input.Height * Factor, input.Width * Factor);

    /// <summary>Four pixels make one where it interpolates.</summary>
    internal override long MultiplyAddsFor(ActivationShape input) => Bilinear ? checked(4 * OutputFor(input).Size) : 0;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var full = Pass.Full(x);   // not all devices interpolate bfloat16
        double[] factors = [Factor, Factor];
        return Bilinear
            ? functional.interpolate(full, null, factors, InterpolationMode.Bilinear, false)
            : functional.interpolate(full, null, factors, InterpolationMode.Nearest);
    }

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Factor, 2, "factor");
        return base.Checked();
    }
}
