using Microsoft.ML;

namespace CnnMlNet.Sweeps;

/// <summary>What a sweep needs to know of its task.</summary>
/// <param name="Metrics">Those it can be ranked by; the first by default.</param>
/// <param name="HasClasses">Whether rows have classes to share out alike.</param>
/// <param name="WithHead">A candidate with the task's head.</param>
/// <param name="Evaluate">ML.NET's metric of scored rows.</param>
internal sealed record SweepTask(
    IReadOnlyList<SweepMetric> Metrics, bool HasClasses, Func<CnnTrainerOptions, CnnTrainerOptions> WithHead, Func<IDataView, CnnTrainerOptions, SweepMetric, double> Evaluate)
{
    public static SweepTask Of(MulticlassClassificationCatalog catalog) => new(
        [SweepMetric.MicroAccuracy, SweepMetric.MacroAccuracy, SweepMetric.LogLoss], HasClasses: true, options => options with { Head = Head.Multiclass() },
        (scored, options, metric) =>
        {
            var metrics = catalog.Evaluate(scored, options.LabelColumnName, options.ScoreColumnName, options.PredictedLabelColumnName);
            return metric switch
            {
                SweepMetric.MicroAccuracy => metrics.MicroAccuracy,
                SweepMetric.MacroAccuracy => metrics.MacroAccuracy,
                _ => metrics.LogLoss,
            };
        });

    public static SweepTask Of(BinaryClassificationCatalog catalog) => new(
        [SweepMetric.Accuracy, SweepMetric.AreaUnderRocCurve, SweepMetric.F1Score, SweepMetric.LogLoss], HasClasses: true, options => options with { Head = Head.Binary() },
        (scored, options, metric) =>
        {
            var metrics = catalog.Evaluate(scored, options.LabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.PredictedLabelColumnName);
            return metric switch
            {
                SweepMetric.Accuracy => metrics.Accuracy,
                SweepMetric.AreaUnderRocCurve => metrics.AreaUnderRocCurve,
                SweepMetric.F1Score => metrics.F1Score,
                _ => metrics.LogLoss,
            };
        });

    public static SweepTask Of(RegressionCatalog catalog) => new(
        [SweepMetric.RootMeanSquaredError, SweepMetric.MeanAbsoluteError, SweepMetric.RSquared], HasClasses: false, options => options with { Head = options.Head as RegressionHead ?? Head.Regression() },
        (scored, options, metric) =>
        {
            var metrics = catalog.Evaluate(scored, options.LabelColumnName, options.ScoreColumnName);
            return metric switch
            {
                SweepMetric.RootMeanSquaredError => metrics.RootMeanSquaredError,
                SweepMetric.MeanAbsoluteError => metrics.MeanAbsoluteError,
                _ => metrics.RSquared,
            };
        });

    /// <summary>A number of which more is better; a metric that is no number is worse than any.</summary>
    public static double Merit(SweepMetric metric, double value) => double.IsNaN(value)
        ? double.NegativeInfinity
        : metric is SweepMetric.LogLoss or SweepMetric.RootMeanSquaredError or SweepMetric.MeanAbsoluteError ? -value : value;
}
