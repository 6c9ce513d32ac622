using TorchSharp.Modules;

namespace CnnMlNet.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1), in the order of operations that PyTorch has: w -= lr / (1 - beta1^t) * m / (sqrt(v) /
/// sqrt(1 - beta2^t) + epsilon); and AdamW, whose weights shrink beside that.
/// </summary>
internal sealed class AdamRule(IEnumerable<(string Path, Parameter Parameter)> parameters, MomentOptimizer options) : MomentRule(parameters, options)
{
    protected override bool DecaysDirectly => Options is AdamWOptimizer;

    protected override (double Size, Move Move) Begin(double learningRate, double beta1, Means follow)
    {
        var (correction, epsilon) = (Held(Math.Sqrt(1 - Math.Pow(Options.Beta2, Steps))), Held(Options.Epsilon));
        return (learningRate / (1 - Math.Pow(beta1, Steps)), (i, parameter, gradient, size) =>
        {
            var (mean, square) = follow(i, gradient);
            parameter.addcdiv_(mean, square.sqrt().div_(correction).add_(epsilon), size);
        });
    }
}
