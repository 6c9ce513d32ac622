using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1), in the order of operations that PyTorch has:
/// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
/// </summary>
internal sealed class AdamRule : UpdateRule
{
    private readonly AdamOptimizer _options;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly Scalar _beta1, _oneMinusBeta1, _beta2, _oneMinusBeta2, _epsilon;
    private Scalar _correction = 1.0;

    public AdamRule(IEnumerable<(string Path, Parameter Parameter)> parameters, AdamOptimizer options) : base(parameters, options)
    {
        _options = options;
        (_means, _squares) = (Zeros(), Zeros());
        (_beta1, _oneMinusBeta1) = (options.Beta1, 1 - options.Beta1);
        (_beta2, _oneMinusBeta2) = (options.Beta2, 1 - options.Beta2);
        _epsilon = options.Epsilon;
    }

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("mean", _means).Concat(Named("square", _squares));

    protected override double BeginStep(double learningRate)
    {
        _correction.Dispose();
        _correction = Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps));
        return learningRate / (1 - Math.Pow(_options.Beta1, Steps));
    }

    protected override void Move(int index, Tensor parameter, Tensor gradient, Scalar size)
    {
        var (mean, square) = (_means[index], _squares[index]);
        mean.mul_(_beta1).add_(gradient, _oneMinusBeta1);
        square.mul_(_beta2).addcmul_(gradient, gradient, _oneMinusBeta2);
        parameter.addcdiv_(mean, square.sqrt().div_(_correction).add_(_epsilon), size);
    }

    protected override void FreeScalars()
    {
        foreach (var scalar in new[] { _beta1, _oneMinusBeta1, _beta2, _oneMinusBeta2, _epsilon, _correction }) scalar.Dispose();
    }
}
