using System.ComponentModel;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.ConvTransposed"/> makes.</summary>
public sealed record ConvTransposedLayer : WeightedLayer
{
    /// <summary>Number of filters.</summary>
    public required int Channels { get; init; }

    /// <summary>Height and width of a filter.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Pixels of the output from one of the input to the next.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Rows and columns cut off on every side.</summary>
    public Size2D Padding { get; init; }

    /// <summary>Rows and columns more, below and to the right.</summary>
    public Size2D OutputPadding { get; init; }

    /// <summary>Whether each filter adds a learned number.</summary>
    [DefaultValue(true)]
    public bool Bias { get; init; } = true;

    private protected override bool HasBias => Bias;

    private protected override string Describe() =>
        $"ConvTransposed {Channels}, kernel {Kernel}" + (Stride == 1 ? "" : $", stride {Stride}") + (Padding == 0 ? "" : $", padding {Padding}") +
        (OutputPadding == 0 ? "" : $", output padding {OutputPadding}") + (Bias ? "" : ", no bias");

    internal override ActivationShape OutputFor(ActivationShape input) => ActivationShape.Image(
        Channels,
        Size("height", Sliding.ImageInput(input).Height, Kernel.Height, Stride.Height, Padding.Height, OutputPadding.Height),
        Size("width", input.Width, Kernel.Width, Stride.Width, Padding.Width, OutputPadding.Width));

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input)
    {
        var first = FirstValues.Uniform(checked((long)Channels * Kernel.Height * Kernel.Width));   // PyTorch's, which takes the second dimension for the fan in
        var weight = new Weight("weight", [input.Channels, Channels, Kernel.Height, Kernel.Width], first);
        return Bias ? [weight, new Weight("bias", [Channels], first)] : [weight];
    }

    internal override long MultiplyAddsFor(ActivationShape input) => checked(input.Size * Channels * Kernel.Height * Kernel.Width);

    /// <summary>In float32, as PyTorch's autocast on the CPU: LibTorch 1.13 cannot in bfloat16.</summary>
    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.conv_transpose2d(
        Pass.Full(x), step.Weights[0], Bias ? step.Weights[1] : null, Stride.ToArray(), Padding.ToArray(), OutputPadding.ToArray());

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, 1, "channels");
        Sliding.AtLeast(1, Kernel, "kernel");
        Sliding.AtLeast(1, Stride, "stride");
        Sliding.AtLeast(0, Padding, "padding");
        Sliding.AtLeast(0, OutputPadding, "outputPadding");
        if (Padding.Height >= Kernel.Height || Padding.Width >= Kernel.Width) throw new ArgumentException($"The padding {Padding} must be less than the kernel {Kernel}.", "padding");
        if (OutputPadding.Height >= Stride.Height || OutputPadding.Width >= Stride.Width)
            throw new ArgumentException($"The output padding {OutputPadding} must be less than the stride {Stride}.", "outputPadding");
        return base.Checked();
    }

    private static long Size(string side, long size, long kernel, long stride, long padding, long more)
    {
        long output = (size - 1) * stride - 2 * padding + kernel + more;
        return output > 0 ? output : throw new LayerMisfit(
            $"the {side} would be ({size} - 1) * {stride} - 2 * {padding} + {kernel} + {more} = {output}: use less padding");
    }
}
