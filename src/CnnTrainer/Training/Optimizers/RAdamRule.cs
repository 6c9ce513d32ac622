using TorchSharp.Modules;

namespace CnnMlNet.Training;

/// <summary>
/// RAdam (Liu et al. 2020, algorithm 2) as PyTorch has it. With r = 2 / (1 - beta2) - 1 and r_t = r - 2 t beta2^t / (1 - beta2^t):
/// w -= lr m / (1 - beta1^t) until r_t passes 5; then times rect sqrt(1 - beta2^t) / (sqrt(v) + epsilon), where
/// rect^2 = (r_t - 4) (r_t - 2) r / ((r - 4) (r - 2) r_t).
/// </summary>
internal sealed class RAdamRule(IEnumerable<(string Path, Parameter Parameter)> parameters, RAdamOptimizer options) : MomentRule(parameters, options)
{
    protected override (double Size, Move Move) Begin(double learningRate, double beta1, Means follow)
    {
        double step = learningRate / (1 - Math.Pow(beta1, Steps)), power = Math.Pow(Options.Beta2, Steps);
        double r = 2 / (1 - Options.Beta2) - 1, rt = r - 2 * Steps * power / (1 - power);
        if (rt <= 5) return (step, (i, parameter, gradient, size) => parameter.add_(follow(i, gradient).Mean, size));
        double rectification = Math.Sqrt((rt - 4) * (rt - 2) * r / ((r - 4) * (r - 2) * rt));
        var epsilon = Held(Options.Epsilon);
        return (step * rectification * Math.Sqrt(1 - power), (i, parameter, gradient, size) =>
        {
            var (mean, square) = follow(i, gradient);
            parameter.addcdiv_(mean, square.sqrt().add_(epsilon), size);
        });
    }
}
