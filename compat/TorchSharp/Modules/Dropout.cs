using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Zeroes elements with probability p while training and scales the others by 1 / (1 - p).</summary>
public sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly double _p;

    internal Dropout(double p, bool inplace)
    {
        if (inplace) throw new NotSupportedException("Dropout in place is not supported here.");
        _p = p;
    }

    public override Tensor forward(Tensor tensor) => Aten.Dropout.Call(tensor, _p, training);
}
