namespace Microsoft.ML.Data;

/// <summary>How near numbers came to the labels.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(IReadOnlyList<(double Truth, double Value)> rows)
    {
        MeanAbsoluteError = rows.Sum(row => Math.Abs(row.Value - row.Truth)) / rows.Count;
        MeanSquaredError = rows.Sum(row => Math.Pow(row.Value - row.Truth, 2)) / rows.Count;
        double mean = rows.Sum(row => row.Truth) / rows.Count;
        RSquared = 1 - (MeanSquaredError * rows.Count / rows.Sum(row => Math.Pow(row.Truth - mean, 2)));
    }

    public double MeanAbsoluteError { get; }

    public double MeanSquaredError { get; }

    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>The mean of the evaluator's loss, which is the squared error.</summary>
    public double LossFunction => MeanSquaredError;

    /// <summary>1 - squared error / squared distance of the labels from their mean.</summary>
    public double RSquared { get; }
}
