using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Conv"/> makes.</summary>
public sealed record ConvLayer : WeightedLayer
{
    /// <summary>Number of filters.</summary>
    public required int Channels { get; init; }

    /// <summary>Height and width of a filter.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Step of the filter.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Rows and columns added around the input.</summary>
    public Padding Padding { get; init; }

    /// <summary>Distance of the pixels that neighbours in the filter meet.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether each filter adds a learned number.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>What stands in the padding.</summary>
    public PaddingMode PaddingMode { get; init; }

    /// <summary>All but the channels, in words.</summary>
    internal string Settings =>
        $"kernel {Kernel}" + (Stride == 1 ? "" : $", stride {Stride}") + (Padding == 0 ? "" : $", padding {Padding}") +
        (Dilation == 1 ? "" : $", dilation {Dilation}") + (Groups == 1 ? "" : $", groups {Groups}") + (Bias ? "" : ", no bias") +
        (PaddingMode == PaddingMode.Zeros ? "" : $", {PaddingMode.ToString().ToLowerInvariant()}");

    private protected override bool HasBias => Bias;

    private protected override string Describe() => $"Conv {Channels}, {Settings}";

    internal override ActivationShape OutputFor(ActivationShape input)
    {
        Sliding.ImageInput(input);
        if (input.Channels % Groups != 0) throw new LayerMisfit($"its {Groups} groups do not divide the {input.Channels} channels of the input");
        if (Padding.IsSame && Stride != 1) throw new LayerMisfit($"Padding.Same keeps the size, so it needs a stride of 1, not {Stride}");
        var (top, bottom, left, right) = Sides();
        if (Padding.IsSame) Sliding.CheckRoom(input, Kernel, Dilation, top + bottom, left + right);
        var output = Padding.IsSame
            ? ActivationShape.Image(Channels, input.Height, input.Width)
            : Sliding.Output(input, Channels, Kernel, Stride, Padding.Size, Dilation);
        if (PaddingMode == PaddingMode.Zeros) return output;
        int most = PaddingMode == PaddingMode.Reflect ? 1 : 0;   // mirroring leaves the border out
        return Math.Max(top, bottom) <= input.Height - most && Math.Max(left, right) <= input.Width - most
            ? output
            : throw new LayerMisfit($"a padding of {Padding} has no {PaddingMode.ToString().ToLowerInvariant()} pixels to take: use less padding, or zeros");
    }

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input)
    {
        long fanIn = checked(input.Channels / Groups * Kernel.Height * Kernel.Width);
        var first = FirstValues.Uniform(fanIn);
        var weight = new Weight("weight", [Channels, input.Channels / Groups, Kernel.Height, Kernel.Width], first);
        return Bias ? [weight, new Weight("bias", [Channels], first)] : [weight];
    }

    internal override long MultiplyAddsFor(ActivationShape input) =>
        checked(OutputFor(input).Size * (input.Channels / Groups) * Kernel.Height * Kernel.Width);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var (weight, bias) = (pass.Lower(step.Weights[0]), Bias ? pass.Lower(step.Weights[1]) : null);
        var (top, bottom, left, right) = Sides();
        if (top == bottom && left == right && PaddingMode == PaddingMode.Zeros)
            return functional.conv2d(pass.Lower(x), weight, bias, Stride.ToArray(), [top, left], Dilation.ToArray(), Groups);

        var mode = PaddingMode switch
        {
            PaddingMode.Reflect => PaddingModes.Reflect,
            PaddingMode.Replicate => PaddingModes.Replicate,
            PaddingMode.Circular => PaddingModes.Circular,
            _ => PaddingModes.Constant,
        };
        using var padded = functional.pad(Pass.Full(x), (long[])[left, right, top, bottom], mode);
        return functional.conv2d(pass.Lower(padded), weight, bias, Stride.ToArray(), [0, 0], Dilation.ToArray(), Groups);
    }

    internal override Layer Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, 1, "channels");
        Sliding.AtLeast(1, Kernel, "kernel");
        Sliding.AtLeast(1, Stride, "stride");
        Sliding.AtLeast(0, Padding.Size, "padding");
        Sliding.AtLeast(1, Dilation, "dilation");
        ArgumentOutOfRangeException.ThrowIfLessThan(Groups, 1, "groups");
        if (Channels % Groups != 0) throw new ArgumentException($"The {Groups} groups do not divide the {Channels} channels.", nameof(Groups));
        if (!Enum.IsDefined(PaddingMode)) throw new ArgumentOutOfRangeException(nameof(PaddingMode), PaddingMode, "unknown padding mode");
        return base.Checked();
    }

    /// <summary>Rows above and below, columns left and right.</summary>
    private (long Top, long Bottom, long Left, long Right) Sides()
    {
        if (!Padding.IsSame) return (Padding.Size.Height, Padding.Size.Height, Padding.Size.Width, Padding.Size.Width);
        long rows = (long)Dilation.Height * (Kernel.Height - 1), columns = (long)Dilation.Width * (Kernel.Width - 1);
        return (rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
    }
}
