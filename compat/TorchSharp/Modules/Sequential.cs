using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Modules one after another, named by their number; the intermediate tensors are disposed on the way.</summary>
public class Sequential : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _steps;

    internal Sequential(Module<Tensor, Tensor>[] modules)
    {
        _steps = [.. modules];
        for (int i = 0; i < _steps.Length; i++) Own($"{i}", _steps[i]);
    }

    public override Tensor forward(Tensor tensor)
    {
        if (_steps.Length == 0) return tensor.alias();
        var current = _steps[0].call(tensor);
        foreach (var step in _steps.AsSpan(1))
        {
            var next = step.call(current);
            current.Dispose();
            current = next;
        }
        return current;
    }
}
