using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Modules one after another; the intermediate tensors are disposed on the way.</summary>
public class Sequential : Module<Tensor, Tensor>
{
    private readonly List<IModule<Tensor, Tensor>> _steps = [];

    protected Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    protected Sequential(params Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
    {
        foreach (var module in modules) append(module);
    }

    internal static Sequential Of(IEnumerable<(string, Module<Tensor, Tensor>)> modules) => new([.. modules]);

    internal static Sequential Of(IEnumerable<Module<Tensor, Tensor>> modules) => new([.. modules]);

    public int Count => _steps.Count;

    [IndexerName("SequentialItems")]
    public IModule<Tensor, Tensor> this[int index] => _steps[index];

    public Sequential append(IModule<Tensor, Tensor> module) =>
        append(_steps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

    public Sequential append(string name, IModule<Tensor, Tensor> module)
    {
        register_module(name, (Module)module);
        _steps.Add(module);
        return this;
    }

    public override Tensor forward(Tensor tensor)
    {
        if (_steps.Count == 0) return tensor.alias();
        var current = _steps[0].call(tensor);
        foreach (var step in _steps.Skip(1))
        {
            var next = step.call(current);
            current.Dispose();
            current = next;
        }
        return current;
    }
}
