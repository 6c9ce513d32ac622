using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>max(0, x).</summary>
public sealed class ReLU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU(bool inplace) : base(nameof(ReLU)) => _inplace = inplace;

    public override Tensor forward(Tensor tensor) => functional.relu(tensor, _inplace);
}

/// <summary>x where positive, x times the slope elsewhere.</summary>
public sealed class LeakyReLU : Module<Tensor, Tensor>
{
    private readonly double _slope;
    private readonly bool _inplace;

    internal LeakyReLU(double slope, bool inplace) : base(nameof(LeakyReLU)) => (_slope, _inplace) = (slope, inplace);

    public override Tensor forward(Tensor tensor) => functional.leaky_relu(tensor, _slope, _inplace);
}

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid : Module<Tensor, Tensor>
{
    internal Sigmoid() : base(nameof(Sigmoid)) { }

    public override Tensor forward(Tensor tensor) => tensor.sigmoid();
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Module<Tensor, Tensor>
{
    internal Tanh() : base(nameof(Tanh)) { }

    public override Tensor forward(Tensor tensor) => tensor.tanh();
}

/// <summary>x times the normal distribution function of x.</summary>
public sealed class GELU : Module<Tensor, Tensor>
{
    internal GELU() : base(nameof(GELU)) { }

    public override Tensor forward(Tensor tensor) => tensor.gelu();
}

/// <summary>x times sigmoid(x).</summary>
public sealed class SiLU : Module<Tensor, Tensor>
{
    internal SiLU() : base(nameof(SiLU)) { }

    public override Tensor forward(Tensor tensor) => tensor.silu();
}

/// <summary>Exponentials that sum to one along a dimension.</summary>
public sealed class Softmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmax(long dim) : base(nameof(Softmax)) => _dim = dim;

    public override Tensor forward(Tensor tensor) => tensor.softmax(_dim);
}

/// <summary>The logarithm of softmax.</summary>
public sealed class LogSoftmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => _dim = dim;

    public override Tensor forward(Tensor tensor) => tensor.log_softmax(_dim);
}
