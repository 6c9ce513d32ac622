using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// NAdam (Dozat 2016) as PyTorch 2 has it. With mu_t = beta1 (1 - 0.96^(t decay) / 2) and p_t the product of mu_1 to mu_t:
/// w -= lr (mu_(t+1) m / (1 - p_t mu_(t+1)) + (1 - mu_t) g / (1 - p_t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
/// </summary>
internal sealed class NAdamRule : MomentRule
{
    private readonly NAdamOptimizer _options;
    private readonly Tensor _product;   // on the CPU, where reading it waits for nothing; a slot, because the momentum of each step is in it

    public NAdamRule(IEnumerable<(string Path, Parameter Parameter)> parameters, NAdamOptimizer options) : base(parameters, options) =>
        (_options, _product) = (options, ones([1]).DetachFromDisposeScope());

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => base.Slots.Append(("momentumProduct", _product));

    protected override (double Size, Move Move) Begin(double learningRate, double beta1, Means follow)
    {
        double Mu(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * _options.MomentumDecay));
        double mu = Mu(Steps), next = Mu(Steps + 1), product = _product.mul_(Held(mu)).item<float>();
        var (ofMean, ofGradient) = (Held(next / (1 - product * next)), Held((1 - mu) / (1 - product)));
        var (correction, epsilon) = (Held(Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps))), Held(_options.Epsilon));
        return (learningRate, (i, parameter, gradient, size) =>
        {
            var (mean, square) = follow(i, gradient);
            parameter.addcdiv_(mean.mul(ofMean).add_(gradient, ofGradient), square.sqrt().div_(correction).add_(epsilon), size);
        });
    }
}
