using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x times the weight's transpose, plus the bias.</summary>
public sealed class Linear : Module<Tensor, Tensor>
{
    private Parameter _weight;
    private Parameter? _bias;

    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? type) : base(nameof(Linear))
    {
        _weight = Own(nameof(weight), empty([outputSize, inputSize], type, device));
        init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (hasBias) _bias = Own(nameof(bias), init.BiasFor(_weight, outputSize, type, device));
    }

    public Parameter? weight
    {
        get => _weight;
        set => _weight = Replace(nameof(weight), _weight, value ?? throw new ArgumentNullException(nameof(value)))!;
    }

    public Parameter? bias
    {
        get => _bias;
        set => _bias = Replace(nameof(bias), _bias, value);
    }

    public override Tensor forward(Tensor tensor) => Aten.Linear.Call(tensor, _weight, _bias);
}
