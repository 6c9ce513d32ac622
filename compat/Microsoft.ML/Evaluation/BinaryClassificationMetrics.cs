namespace Microsoft.ML.Data;

/// <summary>How well two classes were told apart.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryCounters counters, string[] classNames)
    {
        AreaUnderRocCurve = counters.AreaUnderRocCurve;
        AreaUnderPrecisionRecallCurve = counters.AreaUnderPrecisionRecallCurve;
        Accuracy = counters.Accuracy;
        ConfusionMatrix = new(counters.Confusion, classNames, isBinary: true);
    }

    public double AreaUnderRocCurve { get; }

    public double AreaUnderPrecisionRecallCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision => ConfusionMatrix.PerClassPrecision[0];

    public double PositiveRecall => ConfusionMatrix.PerClassRecall[0];

    public double NegativePrecision => ConfusionMatrix.PerClassPrecision[1];

    public double NegativeRecall => ConfusionMatrix.PerClassRecall[1];

    /// <summary>The harmonic mean of the precision and recall of the positive class; 0 if both are.</summary>
    public double F1Score => PositivePrecision + PositiveRecall is var sum && sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;

    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>How well two classes were told apart, with what the probabilities are worth.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryCounters counters, string[] classNames) : base(counters, classNames)
    {
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        Entropy = counters.Entropy;
    }

    /// <summary>The mean of -log2(probability of the true class), in bits; infinite where that is 0 for a row.</summary>
    public double LogLoss { get; }

    /// <summary>1 - LogLoss / entropy of the true classes.</summary>
    public double LogLossReduction { get; }

    /// <summary>The entropy of the true classes in bits: the LogLoss of who knows only how frequent they are.</summary>
    public double Entropy { get; }
}
