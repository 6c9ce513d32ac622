namespace CnnMlNet;

/// <summary>What a sweep ranks candidates by: a metric of ML.NET's own <c>Evaluate</c> for the task.</summary>
public enum SweepMetric
{
    /// <summary>Share of rows whose class is found; several classes. Higher is better.</summary>
    MicroAccuracy,

    /// <summary>Mean over the classes of the share that is found; several classes. Higher is better.</summary>
    MacroAccuracy,

    /// <summary>Mean loss of the probabilities: in nats for several classes, in bits for two. Lower is better.</summary>
    LogLoss,

    /// <summary>Share of rows whose class is found; two classes. Higher is better.</summary>
    Accuracy,

    /// <summary>Area under the ROC curve; two classes. Higher is better.</summary>
    AreaUnderRocCurve,

    /// <summary>Harmonic mean of precision and recall; two classes. Higher is better.</summary>
    F1Score,

    /// <summary>Root of the mean squared error, in the label's unit; numbers. Lower is better.</summary>
    RootMeanSquaredError,

    /// <summary>Mean absolute error, in the label's unit; numbers. Lower is better.</summary>
    MeanAbsoluteError,

    /// <summary>Share of the variance that is explained; numbers. Higher is better.</summary>
    RSquared,
}
