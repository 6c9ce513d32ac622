using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.DepthwiseConv"/> makes.</summary>
public sealed record DepthwiseConvLayer : WeightedLayer
{
    /// <summary>Height and width of a filter.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Step of the filter.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Rows and columns added around the input.</summary>
    public Padding Padding { get; init; }

    /// <summary>Distance of the pixels that neighbours in the filter meet.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Whether each filter adds a learned number.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>What stands in the padding.</summary>
    public PaddingMode PaddingMode { get; init; }

    private protected override bool HasBias => Bias;

    private protected override string Describe() => $"DepthwiseConv, {For(1).Settings}";

    internal override ActivationShape OutputFor(ActivationShape input) => For(Sliding.ImageInput(input).Channels).OutputFor(input);

    private protected override IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input) => For(input.Channels).WeightsFor(input);

    internal override long MultiplyAddsFor(ActivationShape input) => For(input.Channels).MultiplyAddsFor(input);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => For(x.shape[1]).Apply(x, step, pass);

    internal override Layer Checked()
    {
        For(1).Checked();
        return base.Checked();
    }

    /// <summary>The convolution that this is for an input of so many channels: each is a group.</summary>
    private ConvLayer For(long channels) => new()
    {
        Channels = checked((int)channels), Groups = checked((int)channels),
        Kernel = Kernel, Stride = Stride, Padding = Padding, Dilation = Dilation, Bias = Bias, PaddingMode = PaddingMode,
    };
}
