using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>max(0, x).</summary>
public sealed class ReLU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU(bool inplace) => _inplace = inplace;

    /// <summary>In place it changes the input and answers with a second object for the same LibTorch tensor.</summary>
    public override Tensor forward(Tensor tensor) => (_inplace ? Aten.ReluInPlace : Aten.Relu).Call(tensor);
}

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid : Module<Tensor, Tensor>
{
    internal Sigmoid() { }

    public override Tensor forward(Tensor tensor) => Aten.Sigmoid.Call(tensor);
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Module<Tensor, Tensor>
{
    internal Tanh() { }

    public override Tensor forward(Tensor tensor) => Aten.Tanh.Call(tensor);
}
