using CnnMlNet.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Heads;

/// <summary>Numbers: outputs [N, outputs], standardised; targets [N] for one, [N, outputs] for several, as the labels are.</summary>
internal sealed class RegressionCriterion : Criterion
{
    private readonly Loss _loss;
    private readonly Tensor _means, _scales, _units;

    /// <param name="loss">Of regression.</param>
    /// <param name="means">What is taken from the labels, for each output.</param>
    /// <param name="deviations">What they are divided by then.</param>
    /// <param name="rowsWeigh">Whether rows have weights.</param>
    /// <param name="device">Where the network computes.</param>
    public RegressionCriterion(Loss loss, IReadOnlyList<float> means, IReadOnlyList<float> deviations, bool rowsWeigh, Device device) : base(device)
    {
        (_loss, IsWeighted) = (loss, rowsWeigh);
        (_means, _scales, _units) = (Constant(means), Constant(deviations.Select(deviation => 1 / deviation)), Constant(deviations.Select(deviation => deviation / deviations.Max())));
    }

    protected override Tensor Mean(Tensor outputs, Tensor targets) => Errors(outputs.reshape(targets.shape), Standardised(targets), Reduction.Mean);

    protected override Tensor Losses(Tensor outputs, Tensor targets)
    {
        var losses = Errors(outputs.reshape(targets.shape), Standardised(targets), Reduction.None);
        return losses.ndim == 1 ? losses : losses.mean([1]);
    }

    /// <summary>Sums of absolute and of squared errors, in units of the largest deviation: squares of the labels' own could leave a float's range.</summary>
    protected override Tensor MetricSums(Tensor outputs, Tensor targets)
    {
        var errors = outputs.reshape(targets.shape).add(Standardised(targets), Scalars.MinusOne).mul(_units);
        return stack([errors.abs().sum(), errors.mul(errors).sum()]);
    }

    private Tensor Standardised(Tensor targets) => targets.add(_means, Scalars.MinusOne).mul(_scales);

    private Tensor Errors(Tensor outputs, Tensor targets, Reduction reduction) => _loss switch
    {
        MeanAbsoluteErrorLoss => functional.l1_loss(outputs, targets, reduction),
        HuberLoss huber => functional.huber_loss(outputs, targets, huber.Delta, reduction),
        _ => functional.mse_loss(outputs, targets, reduction),
    };
}
