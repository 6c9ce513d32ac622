using System.ComponentModel;
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

    /// <summary>Whether a window that ends beyond the input counts too.</summary>
    [DefaultValue(false)]
    public bool CeilMode { get; init; }

    private protected abstract string Kind { get; }

    private protected virtual Size2D Spread => 1;

    private protected sealed override string Describe() =>
        Sliding.Describe(Kind, Kernel, Stride, Padding) + (Spread == 1 ? "" : $", dilation {Spread}") + (CeilMode ? ", ceil" : "");

    internal sealed override ActivationShape OutputFor(ActivationShape input) => Sliding.Output(input, input.Channels, Kernel, Stride, Padding, Spread, CeilMode);

    internal sealed override Layer Checked()
    {
        Sliding.CheckPool(Kernel, Stride, Padding);
        Sliding.AtLeast(1, Spread, "dilation");
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.MaxPool"/> makes.</summary>
public sealed record MaxPoolLayer : PoolLayer
{
    /// <summary>Distance of the pixels that neighbours in the window meet.</summary>
    [DefaultValue(1)]
    public Size2D Dilation { get; init; } = 1;

    private protected override string Kind => "MaxPool";

    private protected override Size2D Spread => Dilation;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.max_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), Dilation.ToArray(), CeilMode);
}

/// <summary>What <see cref="Layer.AvgPool"/> makes.</summary>
public sealed record AvgPoolLayer : PoolLayer
{
    private protected override string Kind => "AvgPool";

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) =>
        functional.avg_pool2d(x, Kernel.ToArray(), Stride.ToArray(), Padding.ToArray(), CeilMode, true);
}
