using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.MaxPool"/> makes.</summary>
public sealed record MaxPoolLayer : Layer
{
    /// <summary>Height and width of the window.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Step of the window.</summary>
    public required Size2D Stride { get; init; }

    /// <summary>Rows and columns of minus infinity on every side.</summary>
    public Size2D Padding { get; init; }

    private protected override string Describe() => Sliding.Describe("MaxPool", Kernel, Stride, Padding);

    internal override ActivationShape OutputFor(ActivationShape input) => Sliding.Output(input, input.Channels, Kernel, Stride, Padding, 1);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.max_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), [1, 1], false);

    internal override Layer Checked()
    {
        Sliding.CheckPool(Kernel, Stride, Padding);
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.AvgPool"/> makes.</summary>
public sealed record AvgPoolLayer : Layer
{
    /// <summary>Height and width of the window.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Step of the window.</summary>
    public required Size2D Stride { get; init; }

    /// <summary>Rows and columns of zeros on every side.</summary>
    public Size2D Padding { get; init; }

    private protected override string Describe() => Sliding.Describe("AvgPool", Kernel, Stride, Padding);

    internal override ActivationShape OutputFor(ActivationShape input) => Sliding.Output(input, input.Channels, Kernel, Stride, Padding, 1);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.avg_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), false, true);

    internal override Layer Checked()
    {
        Sliding.CheckPool(Kernel, Stride, Padding);
        return base.Checked();
    }
}
