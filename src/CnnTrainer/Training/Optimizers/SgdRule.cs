using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Stochastic gradient descent as PyTorch has it: velocity = momentum * velocity + g (the first one is g itself); w -= lr * velocity, or
/// with Nesterov's look-ahead w -= lr * (g + momentum * velocity).
/// </summary>
internal sealed class SgdRule : UpdateRule
{
    private readonly SgdOptimizer _options;
    private readonly Tensor[] _velocities;

    public SgdRule(IEnumerable<(string Path, Parameter Parameter)> parameters, SgdOptimizer options, bool givenMomentum) : base(parameters, options) =>
        (_options, _velocities) = (options, options.Momentum == 0 && !givenMomentum ? [] : Zeros());

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("velocity", _velocities);

    protected override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        if (_velocities.Length == 0) return (learningRate, (_, parameter, gradient, size) => parameter.add_(gradient, size));
        var (share, one) = (Held(momentum ?? _options.Momentum), Held(1));
        return (learningRate, (i, parameter, gradient, size) =>
        {
            var velocity = _velocities[i].mul_(share).add_(gradient, one);
            parameter.add_(_options.Nesterov ? gradient.add(velocity, share) : velocity, size);
        });
    }
}
