using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>A function of each value by itself.</summary>
public enum ActivationFunction
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}

/// <summary>What <see cref="Layer.Relu"/> and its like make.</summary>
public sealed record ActivationLayer : Layer
{
    /// <summary>The function.</summary>
    public required ActivationFunction Function { get; init; }

    private protected override string Describe() => Function == ActivationFunction.Relu ? "ReLU" : Function.ToString();

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => Function switch
    {
        ActivationFunction.Relu => x.relu(),
        ActivationFunction.Sigmoid => x.sigmoid(),
        _ => x.tanh(),
    };

    internal override Layer Checked() => Enum.IsDefined(Function)
        ? base.Checked()
        : throw new ArgumentOutOfRangeException(nameof(Function), Function, "unknown activation");
}
