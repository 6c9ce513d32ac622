using CnnMlNet.Images;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Heads;

/// <summary>What a loss makes of the training rows' classes.</summary>
internal static class ClassCounts
{
    /// <summary>The weight of each class; null where all count alike.</summary>
    public static float[]? Weights(BoundHead head, Loss loss, Targets targets, int[] rows)
    {
        if (loss.Weights is not { } weights) return null;
        return [.. weights.For(head.ClassNames, head.CountClasses(targets, rows)).Select(weight => (float)weight)];
    }
}

/// <summary>One class of several: outputs [N, classes], targets [N], Int64.</summary>
internal sealed class MulticlassCriterion : Criterion
{
    private readonly Tensor? _weights;
    private readonly double _smoothing;
    private readonly Scalar? _gamma;

    public MulticlassCriterion(Loss loss, float[]? classWeights, bool rowsWeigh, Device device) : base(device)
    {
        _weights = classWeights is null ? null : Constant(classWeights);
        _smoothing = (loss as CrossEntropyLoss)?.LabelSmoothing ?? 0;
        _gamma = loss is FocalLoss focal ? focal.Gamma : null;
        IsWeighted = rowsWeigh || classWeights is not null;
    }

    protected override Tensor Mean(Tensor outputs, Tensor targets)
    {
        if (_gamma is null) return Entropy(outputs, targets, _weights, Reduction.Mean);
        var losses = Losses(outputs, targets);
        return Counts(targets) is { } counts ? losses.sum().div(counts.sum()) : losses.mean();
    }

    protected override Tensor Losses(Tensor outputs, Tensor targets)
    {
        if (_gamma is null) return Entropy(outputs, targets, _weights, Reduction.None);
        var losses = Focal(Entropy(outputs, targets, null, Reduction.None), _gamma);
        return Counts(targets) is { } counts ? losses.mul(counts) : losses;
    }

    protected override Tensor? Counts(Tensor targets) => _weights?.index_select(0, targets);

    protected override Tensor MetricSums(Tensor outputs, Tensor targets) => outputs.argmax(1).eq(targets).sum(0, true, ScalarType.Float32);

    private Tensor Entropy(Tensor outputs, Tensor targets, Tensor? weights, Reduction reduction) =>
        functional.cross_entropy(outputs, targets, weights, -100, reduction, _smoothing);
}

/// <summary>Yes or no: outputs [N, 1], logits; targets [N], Single, 0 or 1.</summary>
internal sealed class BinaryCriterion : Criterion
{
    private readonly Tensor? _positive;
    private readonly Scalar? _negative, _difference, _certainty, _doubt, _gamma;

    public BinaryCriterion(Loss loss, float[]? classWeights, bool rowsWeigh, Device device) : base(device)
    {
        IsWeighted = rowsWeigh;
        if (loss is FocalLoss focal) _gamma = focal.Gamma;
        if (loss is CrossEntropyLoss { LabelSmoothing: > 0 and var smoothing }) (_certainty, _doubt) = (1 - smoothing, smoothing / 2);
        if (classWeights is not [var no, var yes]) return;
        (_negative, _difference) = (no, (double)yes - no);
        _positive = Constant([yes / no]);
    }

    protected override Tensor Mean(Tensor outputs, Tensor targets) => _gamma is null ? Entropy(outputs, targets, Reduction.Mean) : Losses(outputs, targets).mean();

    protected override Tensor Losses(Tensor outputs, Tensor targets)
    {
        if (_gamma is null) return Entropy(outputs, targets, Reduction.None);
        var losses = Focal(functional.binary_cross_entropy_with_logits(outputs.flatten(), targets, null, Reduction.None), _gamma);
        return _negative is null ? losses : losses.mul(targets.mul(_difference!).add(_negative));
    }

    protected override Tensor MetricSums(Tensor outputs, Tensor targets)
    {
        // A logit above 0 is a probability above one half.
        var predicted = outputs.flatten().sign().relu();
        return predicted.eq(targets).sum(0, true, ScalarType.Float32);
    }

    private Tensor Entropy(Tensor outputs, Tensor targets, Reduction reduction)
    {
        if (_certainty is not null) targets = targets.mul(_certainty).add(_doubt!);
        var entropy = functional.binary_cross_entropy_with_logits(outputs.flatten(), targets, null, reduction, _positive);
        return _negative is null ? entropy : entropy.mul(_negative);
    }
}
