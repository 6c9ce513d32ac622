using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011) as PyTorch has it: s += g^2; w -= lr / (1 + (t - 1) decay) * g / (sqrt(s) + epsilon).</summary>
internal sealed class AdagradRule : UpdateRule
{
    private readonly AdagradOptimizer _options;
    private readonly Tensor[] _sums;

    public AdagradRule(IEnumerable<(string Path, Parameter Parameter)> parameters, AdagradOptimizer options) : base(parameters, options)
    {
        (_options, _sums) = (options, Zeros());
        using var scope = NewDisposeScope();
        using Scalar first = options.FirstSum;
        foreach (var sum in _sums) sum.add_(first);
    }

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("sum", _sums);

    protected override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        var (one, epsilon) = (Held(1), Held(_options.Epsilon));
        return (learningRate / (1 + (Steps - 1) * _options.RateDecay), (i, parameter, gradient, size) =>
            parameter.addcdiv_(gradient, _sums[i].addcmul_(gradient, gradient, one).sqrt().add_(epsilon), size));
    }
}
