namespace CnnMlNet;

/// <summary>
/// What a <see cref="CnnTrainer"/> is told. Every option has a default; all are checked at once when the trainer is made, and never read
/// again afterwards. Immutable; thread safe.
/// </summary>
public sealed record CnnTrainerOptions
{
    /// <summary>Name of the label column, a key (see <c>MapValueToKey</c>).</summary>
    /// <value>Default <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of <see cref="float"/> with one image a row, in the order channel, row, column.</summary>
    /// <value>Default <c>Features</c>.</value>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>Name of the output column with the probability of each class, a vector of <see cref="float"/>.</summary>
    /// <value>Default <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Name of the output column with the most probable class, a key with the label's key values.</summary>
    /// <value>Default <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>Shape of the images. Its size must be the length of the feature vector.</summary>
    /// <value>Default null: taken from the feature column's dimensions [C, H, W] or [H, W], as ML.NET's ExtractPixels gives them.</value>
    public ImageShape? ImageShape { get; init; }

    /// <summary>The layers of the network.</summary>
    /// <value>Default <see cref="CnnArchitectures.Simple"/>.</value>
    public CnnArchitecture Architecture { get; init; } = CnnArchitectures.Simple;

    /// <summary>Number of passes over the training rows.</summary>
    /// <value>Default 10; at least 1.</value>
    public int Epochs { get; init; } = 10;

    /// <summary>Number of rows of a step. The last batch of an epoch may be smaller; a size above the number of rows is one full batch.</summary>
    /// <value>Default 64; at least 1.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>The optimizer.</summary>
    /// <value>Default <c>Optimizers.Adam()</c>: learning rate 0.001.</value>
    public Optimizer Optimizer { get; init; } = Optimizers.Adam();

    /// <summary>Whether the training rows are shuffled anew before each epoch.</summary>
    /// <value>Default true.</value>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Share of the rows held out for validation, the same share of each class, drawn by the seed. Ignored where a validation set is
    /// given to <see cref="CnnTrainer.Fit(Microsoft.ML.IDataView, Microsoft.ML.IDataView)"/>.
    /// </summary>
    /// <value>Default 0, no validation; less than 1.</value>
    public double ValidationFraction { get; init; }

    /// <summary>Seed of the initial weights, the shuffling, dropout and the validation share.</summary>
    /// <value>Default null: the seed of the MLContext, or, where it has none, a random one (told by <see cref="TrainingHistory.Seed"/>).</value>
    public int? Seed { get; init; }

    /// <summary>Number of threads LibTorch computes with; a setting of the whole process.</summary>
    /// <value>Default null: one for each processor; at least 1.</value>
    public int? Threads { get; init; }

    /// <summary>Where to train.</summary>
    /// <value>Default null: as <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> say; the CPU where they are not set.</value>
    public ComputeDevice? Device { get; init; }

    /// <summary>Called on the training thread after each batch. An exception it throws ends the training and reaches the caller of Fit.</summary>
    /// <value>Default null.</value>
    public Action<BatchReport>? OnBatchEnd { get; init; }

    /// <summary>Called on the training thread after each epoch. An exception it throws ends the training and reaches the caller of Fit.</summary>
    /// <value>Default null.</value>
    public Action<EpochReport>? OnEpochEnd { get; init; }

    /// <summary>
    /// Ends the training after the current batch; Fit then returns what has been learned so far, with
    /// <see cref="StopReason.Cancelled"/>. Set before the first step it makes Fit throw <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <value>Default none.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <exception cref="ArgumentException">Any option is out of its range; the message lists them all.</exception>
    internal void Validate()
    {
        var errors = Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException("These options of the CnnTrainer are not valid:" + string.Concat(errors.Select(error => Environment.NewLine + "- " + error)), "options");
    }

    private IEnumerable<string> Errors()
    {
        var names = new[]
        {
            (nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName),
            (nameof(ScoreColumnName), ScoreColumnName), (nameof(PredictedLabelColumnName), PredictedLabelColumnName),
        };
        foreach (var (option, name) in names.Where(pair => string.IsNullOrWhiteSpace(pair.Item2))) yield return $"{option} is empty.";
        foreach (var same in names.Where(pair => !string.IsNullOrWhiteSpace(pair.Item2)).GroupBy(pair => pair.Item2).Where(group => group.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(pair => pair.Item1))} are both '{same.Key}'.";
        if (ImageShape is { } shape && (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1))
            yield return $"ImageShape is {shape}; channels, height and width must be at least 1.";
        if (Architecture is null) yield return "Architecture is null.";
        if (Epochs < 1) yield return $"Epochs is {Epochs}; it must be at least 1.";
        if (BatchSize < 1) yield return $"BatchSize is {BatchSize}; it must be at least 1.";
        foreach (var error in Optimizer?.Errors() ?? ["Optimizer is null."]) yield return error;
        if (ValidationFraction is not (>= 0 and < 1)) yield return $"ValidationFraction is {ValidationFraction}; it must be at least 0 and less than 1.";
        if (Threads < 1) yield return $"Threads is {Threads}; it must be at least 1.";
    }
}
