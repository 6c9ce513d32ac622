using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x times the weight's transpose, plus the bias.</summary>
public sealed class Linear : Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? type)
    {
        long[] shape = [outputSize, inputSize];
        weight = Own(nameof(weight), FirstValues.Weight(shape, type, device));
        if (hasBias) bias = Own(nameof(bias), FirstValues.Bias(shape, type, device));
    }

    public Parameter weight { get; }

    public Parameter? bias { get; }

    public override Tensor forward(Tensor tensor) => Aten.Linear.Call(tensor, weight, bias);
}
