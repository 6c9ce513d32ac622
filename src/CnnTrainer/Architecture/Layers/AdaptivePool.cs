using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>What <see cref="AdaptiveMaxPoolLayer"/> and <see cref="AdaptiveAvgPoolLayer"/> share.</summary>
public abstract record AdaptivePoolLayer : Layer
{
    private protected AdaptivePoolLayer() { }

    /// <summary>Height and width of what comes out.</summary>
    public required Size2D Size { get; init; }

    private protected abstract string Kind { get; }

    private protected sealed override string Describe() => Size == 1 ? $"Global{Kind}" : $"Adaptive{Kind} {Size}";

    internal sealed override ActivationShape OutputFor(ActivationShape input) =>
        ActivationShape.Image(Sliding.ImageInput(input).Channels, Size.Height, Size.Width);

    internal sealed override Layer Checked()
    {
        Sliding.AtLeast(1, Size, "output");
        return base.Checked();
    }
}

/// <summary>What <see cref="Layer.AdaptiveMaxPool"/> and <see cref="Layer.GlobalMaxPool"/> make.</summary>
public sealed record AdaptiveMaxPoolLayer : AdaptivePoolLayer
{
    private protected override string Kind => "MaxPool";

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.adaptive_max_pool2d(x, Size.ToArray());
}

/// <summary>What <see cref="Layer.AdaptiveAvgPool"/> and <see cref="Layer.GlobalAvgPool"/> make.</summary>
public sealed record AdaptiveAvgPoolLayer : AdaptivePoolLayer
{
    private protected override string Kind => "AvgPool";

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => functional.adaptive_avg_pool2d(x, Size.ToArray());
}
