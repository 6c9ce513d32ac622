using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Adamax (Kingma and Ba 2015, algorithm 2) as PyTorch has it: m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + epsilon);
/// w -= lr / (1 - beta1^t) * m / u.
/// </summary>
internal sealed class AdamaxRule : UpdateRule
{
    private readonly AdamaxOptimizer _options;
    private readonly Tensor[] _means;
    private readonly Tensor[] _largest;

    public AdamaxRule(IEnumerable<(string Path, Parameter Parameter)> parameters, AdamaxOptimizer options) : base(parameters, options) =>
        (_options, _means, _largest) = (options, Zeros(), Zeros());

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("mean", _means).Concat(Named("largest", _largest));

    protected override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        double beta1 = momentum ?? _options.Beta1;
        var (keep, add, decay, epsilon) = (Held(beta1), Held(1 - beta1), Held(_options.Beta2), Held(_options.Epsilon));
        return (learningRate / (1 - Math.Pow(beta1, Steps)), (i, parameter, gradient, size) =>
        {
            var mean = _means[i].mul_(keep).add_(gradient, add);
            var largest = _largest[i].copy_(_largest[i].mul(decay).maximum(gradient.abs().add_(epsilon)));
            parameter.addcdiv_(mean, largest, size);
        });
    }
}
