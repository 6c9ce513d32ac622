using CnnMlNet.Interop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Stochastic gradient descent as PyTorch has it: velocity = momentum * velocity + g (the first one is g itself); w -= lr * velocity, or
/// with Nesterov's look-ahead w -= lr * (g + momentum * velocity).
/// </summary>
internal sealed class SgdRule : UpdateRule
{
    private readonly Tensor[] _velocities;
    private readonly bool _nesterov;
    private readonly Scalar _momentum;

    public SgdRule(IEnumerable<(string Path, Parameter Parameter)> parameters, SgdOptimizer options) : base(parameters, options)
    {
        _velocities = options.Momentum == 0 ? [] : Zeros();
        (_nesterov, _momentum) = (options.Nesterov, options.Momentum);
    }

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("velocity", _velocities);

    protected override void Move(int index, Tensor parameter, Tensor gradient, Scalar size)
    {
        if (_velocities.Length > 0)
        {
            var velocity = _velocities[index].mul_(_momentum).add_(gradient, Scalars.One);
            gradient = _nesterov ? gradient.add(velocity, _momentum) : velocity;
        }

        parameter.add_(gradient, size);
    }

    protected override void FreeScalars() => _momentum.Dispose();
}
