using TorchSharp;
using static TorchSharp.torch;
using static System.FormattableString;

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

    /// <summary>x * P(X &lt;= x) for a standard normal X.</summary>
    Gelu,

    /// <summary>x / (1 + exp(-x)).</summary>
    Silu,
}

/// <summary>What <see cref="Layer.Relu"/> and its like make.</summary>
public sealed record ActivationLayer : Layer
{
    /// <summary>The function.</summary>
    public required ActivationFunction Function { get; init; }

    private protected override string Describe() => Function switch
    {
        ActivationFunction.Relu => "ReLU",
        ActivationFunction.Gelu => "GELU",
        ActivationFunction.Silu => "SiLU",
        _ => Function.ToString(),
    };

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => Function switch
    {
        ActivationFunction.Relu => x.relu(),
        ActivationFunction.Gelu => x.gelu(),
        ActivationFunction.Silu => x.silu(),
        ActivationFunction.Sigmoid => x.sigmoid(),
        _ => x.tanh(),
    };

    internal override Layer Checked() => Enum.IsDefined(Function)
        ? base.Checked()
        : throw new ArgumentOutOfRangeException(nameof(Function), Function, "unknown activation");
}

/// <summary>What <see cref="Layer.LeakyRelu"/> makes.</summary>
public sealed record LeakyReluLayer : Layer
{
    /// <summary>Slope below 0.</summary>
    public required double Slope { get; init; }

    private protected override string Describe() => Invariant($"LeakyReLU {Slope}");

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        using Scalar slope = Slope;
        return x.leaky_relu(slope);
    }

    internal override Layer Checked() => double.IsFinite(Slope) ? base.Checked() : throw new ArgumentOutOfRangeException("slope", Slope, "must be finite");
}

/// <summary>What <see cref="Layer.Elu"/> makes.</summary>
public sealed record EluLayer : Layer
{
    /// <summary>Minus the value for x far below 0.</summary>
    public required double Alpha { get; init; }

    private protected override string Describe() => Invariant($"ELU {Alpha}");

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        using Scalar alpha = Alpha, scale = 1.0, inputScale = 1.0;
        return x.elu(alpha, scale, inputScale);
    }

    internal override Layer Checked() => double.IsFinite(Alpha) ? base.Checked() : throw new ArgumentOutOfRangeException("alpha", Alpha, "must be finite");
}

/// <summary>What <see cref="Layer.LogSoftmax"/> makes.</summary>
public sealed record LogSoftmaxLayer : Layer
{
    private protected override string Describe() => "LogSoftmax";

    internal override ActivationShape OutputFor(ActivationShape input) => input;

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => x.log_softmax(1);
}
