using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Adadelta (Zeiler 2012, algorithm 1) as PyTorch has it: v = rho v + (1 - rho) g^2; step = sqrt(u + epsilon) / sqrt(v + epsilon) * g;
/// u = rho u + (1 - rho) step^2; w -= lr step.
/// </summary>
internal sealed class AdadeltaRule : UpdateRule
{
    private readonly AdadeltaOptimizer _options;
    private readonly Tensor[] _squares;
    private readonly Tensor[] _steps;

    public AdadeltaRule(IEnumerable<(string Path, Parameter Parameter)> parameters, AdadeltaOptimizer options) : base(parameters, options) =>
        (_options, _squares, _steps) = (options, Zeros(), Zeros());

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("square", _squares).Concat(Named("step", _steps));

    protected override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        var (keep, add, epsilon) = (Held(_options.Rho), Held(1 - _options.Rho), Held(_options.Epsilon));
        return (learningRate, (i, parameter, gradient, size) =>
        {
            var root = _squares[i].mul_(keep).addcmul_(gradient, gradient, add).add(epsilon).sqrt();
            var step = _steps[i].add(epsilon).sqrt().div_(root).mul_(gradient);
            _steps[i].mul_(keep).addcmul_(step, step, add);
            parameter.add_(step, size);
        });
    }
}
