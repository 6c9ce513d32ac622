using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Heads;

/// <summary>
/// One class of several for each pixel: outputs [N, classes, H, W], targets [N, H * W], Byte: keys that count from 1, and 0 for pixels that do not count.
/// A row's loss is a sum over its pixels, and so is what it is divided by.
/// </summary>
internal sealed class PerPixelCriterion : Criterion
{
    private const int Unlabelled = -1;

    private readonly int _classes;
    private readonly double _smoothing;
    private readonly Scalar? _gamma;
    private readonly Tensor? _weights;       // by class
    private readonly Tensor? _keyWeights;    // by key, 0 for none

    public PerPixelCriterion(Loss loss, float[]? classWeights, int classes, Device device) : base(device)
    {
        _classes = classes;
        if (classWeights is not null) (_weights, _keyWeights) = (Constant(classWeights), Constant([0, .. classWeights]));
        _smoothing = (loss as CrossEntropyLoss)?.LabelSmoothing ?? 0;
        _gamma = loss is FocalLoss focal ? focal.Gamma : null;
        IsWeighted = true;
    }

    protected override Tensor Mean(Tensor outputs, Tensor targets)
    {
        var sum = _gamma is null ? Entropy(outputs, targets, Reduction.Sum) : Losses(outputs, targets).sum();
        return sum.div(Counts(targets).sum().clamp(Least));   // PyTorch's own mean is 0 / 0 where no pixel has a label
    }

    protected override Tensor Losses(Tensor outputs, Tensor targets)
    {
        var losses = Entropy(outputs, targets, Reduction.None).flatten(1);
        if (_gamma is null) return losses.sum(1);
        losses = Focal(losses, _gamma);
        return (_keyWeights is null ? losses : losses.mul(PixelWeights(targets))).sum(1);
    }

    protected override Tensor Counts(Tensor targets) =>
        _keyWeights is null ? targets.sign().sum(1, false, ScalarType.Float32) : PixelWeights(targets).sum(1);

    /// <summary>Of each class: pixels that are right, pixels that are of it, pixels that are said to be; all among those with a label.</summary>
    protected override Tensor MetricSums(Tensor outputs, Tensor targets)
    {
        var truth = targets.flatten().to(ScalarType.Int64);
        var predicted = outputs.argmax(1).flatten().add(Scalars.One).mul(truth.sign());
        var right = predicted.mul(predicted.eq(truth));
        return cat([Counted(right), Counted(truth), Counted(predicted)]).to(ScalarType.Float32);
    }

    /// <summary>How often each key is there, [classes].</summary>
    private Tensor Counted(Tensor keys) =>
        zeros([_classes + 1], ScalarType.Int64, keys.device).scatter_add_(0, keys, ones_like(keys)).narrow(0, 1, _classes);

    private Tensor PixelWeights(Tensor targets) => _keyWeights!.index_select(0, targets.flatten().to(ScalarType.Int64)).reshape(targets.shape);

    /// <summary>Of focal loss without class weights: they come after it.</summary>
    private Tensor Entropy(Tensor outputs, Tensor targets, Reduction reduction)
    {
        long[] shape = [outputs.shape[0], outputs.shape[2], outputs.shape[3]];
        var classes = targets.to(ScalarType.Int64).add(Scalars.MinusOne).reshape(shape);
        return functional.cross_entropy(outputs, classes, _gamma is null ? _weights : null, Unlabelled, reduction, _smoothing);
    }
}
