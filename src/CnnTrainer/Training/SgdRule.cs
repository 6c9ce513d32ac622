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
    private readonly Scalar _momentum, _stepSize;

    public SgdRule(IEnumerable<Parameter> parameters, SgdOptimizer options) : base(parameters, options.WeightDecay)
    {
        _velocities = options.Momentum == 0 ? [] : Zeros();
        (_nesterov, _momentum, _stepSize) = (options.Nesterov, options.Momentum, -options.LearningRate);
    }

    protected override void Move(int index, Tensor parameter, Tensor gradient)
    {
        if (_velocities.Length > 0)
        {
            var velocity = _velocities[index].mul_(_momentum).add_(gradient);
            gradient = _nesterov ? gradient.add(velocity, _momentum) : velocity;
        }

        parameter.add_(gradient, _stepSize);
    }

    protected override void FreeState()
    {
        foreach (var velocity in _velocities) velocity.Dispose();
        _momentum.Dispose();
        _stepSize.Dispose();
    }
}
