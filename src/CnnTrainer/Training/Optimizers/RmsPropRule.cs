using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// RMSprop (Hinton 2012, lecture 6e) as PyTorch has it: v = alpha v + (1 - alpha) g^2; step = g / (sqrt(v) + epsilon), where v is less the
/// square of the mean gradient if centered (Graves 2013); w -= lr step, or with momentum b = momentum b + step and w -= lr b.
/// </summary>
internal sealed class RmsPropRule : UpdateRule
{
    private readonly RmsPropOptimizer _options;
    private readonly Tensor[] _squares;
    private readonly Tensor[] _means;
    private readonly Tensor[] _velocities;

    public RmsPropRule(IEnumerable<(string Path, Parameter Parameter)> parameters, RmsPropOptimizer options, bool givenMomentum) : base(parameters, options)
    {
        (_options, _squares) = (options, Zeros());
        _means = options.Centered ? Zeros() : [];
        _velocities = options.Momentum > 0 || givenMomentum ? Zeros() : [];
    }

    public override IEnumerable<(string Name, Tensor Tensor)> Slots =>
        Named("square", _squares).Concat(Named("mean", _means)).Concat(Named("velocity", _velocities));

    protected override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        var (keep, add, epsilon, share) = (Held(_options.Alpha), Held(1 - _options.Alpha), Held(_options.Epsilon), Held(momentum ?? _options.Momentum));
        var (zero, one, minusOne) = (Held(0), Held(1), Held(-1));
        return (learningRate, (i, parameter, gradient, size) =>
        {
            var square = _squares[i].mul_(keep).addcmul_(gradient, gradient, add);
            if (_means.Length > 0)
            {
                var mean = _means[i].mul_(keep).add_(gradient, add);
                square = square.add(mean.mul(mean), minusOne).clamp_(zero, null);   // a variance that rounding left below 0 would have no root
            }

            var root = square.sqrt().add_(epsilon);
            if (_velocities.Length == 0) parameter.addcdiv_(gradient, root, size);
            else parameter.add_(_velocities[i].mul_(share).addcdiv_(gradient, root, one), size);
        });
    }
}
