using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="MaxPoolLayer"/> and <see cref="AvgPoolLayer"/> share.</summary>
public abstract record PoolLayer : Layer
{
    private protected PoolLayer() { }

    /// <summary>Height and width of the window.</summary>
    public required Size2D Kernel { get; init; }

    /// <summary>Step of the window.</summary>
    public required Size2D Stride { get; init; }

    /// <summary>Rows and columns on every side: of minus infinity for the maximum, of zeros for the mean.</summary>
    public Size2D Padding { get; init; }

    private protected abstract string Kind { get; }

    private protected sealed override string Describe() => Sliding.Describe(Kind, Kernel, Stride, Padding);

    internal sealed override ActivationShape OutputFor(ActivationShape input) => Sliding.Output(input, input.Channels, Kernel, Stride, Padding, 1);

    internal sealed override Layer Checked()
    {
        Sliding.CheckPool(Kernel, Stride, Padding);
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.MaxPool"/> makes.</summary>
public sealed record MaxPoolLayer : PoolLayer
{
    private protected override string Kind => "MaxPool";

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.max_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), [1, 1], false);
}

/// <summary>What <see cref="Layer.AvgPool"/> makes.</summary>
public sealed record AvgPoolLayer : PoolLayer
{
    private protected override string Kind => "AvgPool";

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.avg_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), false, true);
}
