namespace CnnMlNet;

/// <summary>How a sweep tries its candidates. Every option has a default. Immutable; thread safe.</summary>
public sealed record SweepOptions
{
    /// <summary>
    /// Folds that each candidate is trained and tested on, the same for all: stratified for classes (see <c>ml.Data.StratifiedFolds</c>), drawn alone for
    /// numbers. The metric is the mean over them.
    /// </summary>
    /// <value>Default 5; at least 2, at most the rows of the smallest class. Not used with <see cref="TestFraction"/>.</value>
    public int Folds { get; init; } = 5;

    /// <summary>Share of the rows held out, the same share of each class, to test every candidate on instead of folds: one training a candidate.</summary>
    /// <value>Default null: <see cref="Folds"/>; greater than 0, less than 1.</value>
    public double? TestFraction { get; init; }

    /// <summary>What is best.</summary>
    /// <value>Default null: <see cref="SweepMetric.MicroAccuracy"/>, <see cref="SweepMetric.Accuracy"/> for two classes,
    /// <see cref="SweepMetric.RootMeanSquaredError"/> for numbers.</value>
    public SweepMetric? Metric { get; init; }

    /// <summary>
    /// Successive halving on epochs (Jamieson and Talwalkar 2016, Non-stochastic best arm identification; the factor is Li et al. 2018's eta): n
    /// candidates begin with <c>Epochs / factor^k</c>, the best n / factor of them go on with factor times as many epochs, and so on to all epochs, each
    /// division rounded down. k is the greatest number that leaves a candidate and an epoch. 9 candidates of 9 epochs take 9 x 1 + 3 x 3 + 1 x 9
    /// epochs instead of 81. A candidate starts anew in each round, since schedules depend on the number of epochs.
    /// </summary>
    /// <value>Default 3; at least 2. Null: every candidate is trained for all of its epochs.</value>
    public int? HalvingFactor { get; init; } = 3;

    /// <summary>Seed of the draw of candidates and folds, and of each candidate that has none of its own: all start alike.</summary>
    /// <value>Default null: the seed of the MLContext, or, where it has none, a random one (told by <see cref="SweepResult.Seed"/>).</value>
    public int? Seed { get; init; }

    /// <summary>Ends the sweep with an <see cref="OperationCanceledException"/>, after the current batch of the training that is under way. A candidate's own
    /// token does the same.</summary>
    /// <value>Default none.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Called after each candidate of each round. An exception it throws ends the sweep and reaches the caller.</summary>
    /// <value>Default null.</value>
    public Action<SweepRun>? OnRunEnd { get; init; }

    internal IEnumerable<string> Errors(IReadOnlyList<SweepMetric> metrics)
    {
        if (TestFraction is null && Folds < 2) yield return $"Folds is {Folds}; it must be at least 2.";
        if (TestFraction is { } share && share is not (> 0 and < 1)) yield return FormattableString.Invariant($"TestFraction is {share}; it must be greater than 0 and less than 1.");
        if (HalvingFactor < 2) yield return $"HalvingFactor is {HalvingFactor}; it must be at least 2.";
        if (Metric is { } metric && !metrics.Contains(metric)) yield return $"Metric is {metric}; this task has {string.Join(", ", metrics)}.";
    }
}
