namespace Microsoft.ML.Data;

/// <summary>How well classes were predicted.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, string[] classNames)
    {
        MicroAccuracy = counters.MicroAccuracy;
        MacroAccuracy = counters.MacroAccuracy;
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        PerClassLogLoss = counters.PerClassLogLoss;
        ConfusionMatrix = new(counters.Confusion, classNames);
    }

    /// <summary>The mean of -ln(probability of the true class), at most -ln(1e-15) a row.</summary>
    public double LogLoss { get; }

    /// <summary>1 - LogLoss / entropy of the true classes.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean of the recalls of the classes that occur.</summary>
    public double MacroAccuracy { get; }

    public double MicroAccuracy { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
