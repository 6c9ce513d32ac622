using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>What Adam, NAdam and RAdam share: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2, in PyTorch's order of operations.</summary>
internal abstract class MomentRule : UpdateRule
{
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;

    protected MomentRule(IEnumerable<(string Path, Parameter Parameter)> parameters, MomentOptimizer options) : base(parameters, options) =>
        (Options, _means, _squares) = (options, Zeros(), Zeros());

    /// <summary>The means a parameter has after a gradient.</summary>
    protected delegate (Tensor Mean, Tensor Square) Means(int index, Tensor gradient);

    protected MomentOptimizer Options { get; }

    public override IEnumerable<(string Name, Tensor Tensor)> Slots => Named("mean", _means).Concat(Named("square", _squares));

    protected sealed override (double Size, Move Move) Begin(double learningRate, double? momentum)
    {
        double beta1 = momentum ?? Options.Beta1;
        Scalar keep1 = Held(beta1), add1 = Held(1 - beta1), keep2 = Held(Options.Beta2), add2 = Held(1 - Options.Beta2);
        return Begin(learningRate, beta1, (i, gradient) => (
            _means[i].mul_(keep1).add_(gradient, add1), _squares[i].mul_(keep2).addcmul_(gradient, gradient, add2)));
    }

    /// <summary>Begins a step of the rule: its size, and how each parameter moves.</summary>
    protected abstract (double Size, Move Move) Begin(double learningRate, double beta1, Means follow);
}
