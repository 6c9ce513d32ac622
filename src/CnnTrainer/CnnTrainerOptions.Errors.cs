using System.Globalization;
using CnnMlNet.Scoring;

namespace CnnMlNet;

/// <content>What the options are checked for, and how they are told.</content>
public sealed partial record CnnTrainerOptions
{
    private const long DefaultMostImagePixels = 100_000_000;
    private const int MostThreads = 256;   // far more end the process inside the thread library

    internal ScoringOptions Scoring => new(ExtraColumns ?? [], TestTimeAugmentation ?? TestTimeAugmentation.None()) { Precision = ScoringPrecision };

    /// <exception cref="ArgumentException">Any option is out of its range; the message lists them all.</exception>
    internal void Validate()
    {
        var errors = Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException("These options of the CnnTrainer are not valid:" + string.Concat(errors.Select(error => Environment.NewLine + "- " + error)), "options");
    }

    /// <summary>What changes the weights beside architecture, optimizer, batch size and seed, where it is not the default: by option, as text.</summary>
    internal IReadOnlyDictionary<string, string> Texts()
    {
        (string Name, object? Value)[] all =
        [
            ("schedule", Schedule == Schedule.Constant() ? null : Schedule), ("gradient clipping", GradientClipping),
            ("loss", Loss), ("example weights", ExampleWeightColumnName), ("augmentation", Augmentation), ("drop last batch", DropLastBatch ? "on" : null),
            ("early stopping", EarlyStopping), ("weight averaging", WeightAveraging), ("accumulated batches", AccumulateBatches == 1 ? null : AccumulateBatches),
            ("start from", StartFrom), ("bad images", BadImages == BadImages.Fail() ? null : BadImages),
            ("most image pixels", MostImagePixels == DefaultMostImagePixels ? null : MostImagePixels), ("frozen", Frozen.Count == 0 ? null : string.Join(" and ", Frozen)), ("shuffle", Shuffle ? null : "off"),
        ];
        return all.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!);
    }

    internal IEnumerable<string> Errors()
    {
        var names = new List<(string Option, string Name)>
        {
            (nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName),
            (nameof(ScoreColumnName), ScoreColumnName),
        };
        if (Head is BinaryHead) names.Add((nameof(ProbabilityColumnName), ProbabilityColumnName));
        if (Head is not RegressionHead) names.Add((nameof(PredictedLabelColumnName), PredictedLabelColumnName));
        if (ExampleWeightColumnName is not null) names.Add((nameof(ExampleWeightColumnName), ExampleWeightColumnName));
        foreach (var error in ColumnNames.Errors([.. names, .. Scoring.Names()])) yield return error;
        if (Head is null) yield return "Head is null.";
        if (ExtraColumns is null) yield return "ExtraColumns is null.";
        if (TestTimeAugmentation is null) yield return "TestTimeAugmentation is null.";
        foreach (var error in Scoring.Errors(Head is null or MulticlassHead, Head is BinaryHead, Architecture)) yield return error;
        if (ImageShape?.Error is { } shapeError) yield return $"ImageShape is {shapeError}.";
        if (!Enum.IsDefined(ImageResizing)) yield return $"ImageResizing is {(int)ImageResizing}, which there is not.";
        if (BadImages is null) yield return "BadImages is null.";
        if (MostImagePixels < 1) yield return $"MostImagePixels is {MostImagePixels}; it must be at least 1.";
        if (!Enum.IsDefined(ImageStorage)) yield return $"ImageStorage is {(int)ImageStorage}, which there is not.";
        if (ImageMemory is not null && ImageStorage is (ImageStorage.Memory or ImageStorage.MappedFile))
            yield return $"ImageMemory says nothing where ImageStorage is {ImageStorage}: leave it out, or choose ImageStorage.Automatic or Streamed.";
        if (ImageMemory < 0) yield return $"ImageMemory is {ImageMemory}; it must be at least 0.";
        foreach (var error in PixelScaling?.Errors() ?? []) yield return error;
        foreach (var error in Augmentation?.Errors() ?? []) yield return error;
        if (Head is PerPixelHead && Augmentation?.Steps?.FirstOrDefault(step => step is IMix) is { } mix)
            yield return $"Augmentation: '{mix}' mixes two images, of which each pixel can have one label only: {nameof(Head)}.{Head} takes neither Mixup nor CutMix.";
        if (Architecture is null) yield return "Architecture is null.";
        if (Epochs < 1) yield return $"Epochs is {Epochs}; it must be at least 1.";
        if (BatchSize < 1) yield return $"BatchSize is {BatchSize}; it must be at least 1.";
        foreach (var error in Optimizer?.Errors() ?? ["Optimizer is null."]) yield return error;
        foreach (var error in Schedule?.Errors(Epochs, Optimizer) ?? ["Schedule is null."]) yield return error;
        foreach (var error in GradientClipping?.Errors() ?? []) yield return error;
        foreach (var error in Head is null || Loss is null ? [] : Head.Errors(Loss)) yield return error;
        if (!Enum.IsDefined(Precision)) yield return $"Precision is {(int)Precision}, which there is not.";
        if (ValidationFraction is not (>= 0 and < 1)) yield return FormattableString.Invariant($"ValidationFraction is {ValidationFraction}; it must be at least 0 and less than 1.");
        foreach (var error in EarlyStopping?.Errors() ?? []) yield return error;
        if (EarlyStopping?.Metric == WatchedMetric.Accuracy && Head is RegressionHead) yield return $"EarlyStopping watches the accuracy, which {Head} does not have: watch the loss.";
        foreach (var error in WeightAveraging?.Errors() ?? []) yield return error;
        if (AccumulateBatches < 1) yield return $"AccumulateBatches is {AccumulateBatches}; it must be at least 1.";
        if (Frozen is null || Frozen.Any(string.IsNullOrEmpty)) yield return "Frozen has a path that is empty.";
        foreach (var error in Checkpoints?.Errors() ?? []) yield return error;
        if (TimeBudget <= TimeSpan.Zero) yield return $"TimeBudget is {TimeBudget}; it must be more than zero.";
        if (Threads is < 1 or > MostThreads) yield return $"Threads is {Threads}; it must be 1 to {MostThreads}.";
        if (LoadingThreads is < 1 or > MostThreads) yield return $"LoadingThreads is {LoadingThreads}; it must be 1 to {MostThreads}.";
        if (ReportEvery < 1) yield return $"ReportEvery is {ReportEvery}; it must be at least 1.";
    }
}
