using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>How a model was trained; saved with it. Equal where all its parts are, but for the time it took. Immutable; thread safe.</summary>
public sealed record TrainingHistory
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A report for each finished epoch.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The loss of every batch that was trained on, in order, before its step: those of an unfinished last epoch too.</summary>
    public IReadOnlyList<float> BatchLosses { get; init; } = [];

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The epoch that was best on the validation rows, counting from 1; null without validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BestEpoch { get; init; }

    /// <summary>The epoch whose weights the model has, where training went on after it; null where the model has the last weights.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RestoredEpoch { get; init; }

    /// <summary>The seed that gives the same weights again.</summary>
    public required int Seed { get; init; }

    /// <summary>Number of LibTorch threads.</summary>
    public required int Threads { get; init; }

    /// <summary>The device, <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The numbers that the network computed with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision Precision { get; init; }

    /// <summary>Rows of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The optimizer.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changed; null where it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <summary>How gradients were clipped; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GradientClipping? GradientClipping { get; init; }

    /// <summary>What training made small; null in a file of a version that did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Loss? Loss { get; init; }

    /// <summary>What was done to the training images; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Augmentation? Augmentation { get; init; }

    /// <summary>Rows trained on.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>Rows validated on; 0 without validation.</summary>
    public required long ValidationRows { get; init; }

    /// <summary>How long it took in seconds, from the first batch on; what was trained before a resume counts.</summary>
    public double Seconds { get; init; }

    /// <summary>The weights it began with, where they were another model's; null where they were drawn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransferReport? Transfer { get; init; }

    /// <summary>The images that could not be used; null where all could.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SkippedImages? SkippedImages { get; init; }

    /// <summary>What else the options said that changes the weights: by the option's name, as text. Only what is not the default.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Versions by name: CnnMlNet, TorchSharp, LibTorch, Microsoft.ML and .NET.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything, as indented JSON; numbers are not rounded.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonFormat);

    /// <summary>
    /// A line for each epoch, after one of titles: epoch, loss, the metrics, validation loss and metrics where there are some, learning rate,
    /// seconds, images per second. Comma separated, with a point in numbers, as spreadsheets and pandas read it.
    /// </summary>
    public string ToCsv()
    {
        var (metrics, validation) = (Names(epoch => epoch.Metrics), Names(epoch => epoch.ValidationMetrics));
        bool validated = Epochs.Any(epoch => epoch.ValidationLoss is not null);
        var text = new StringBuilder();
        string[] titles = ["epoch", "loss", .. metrics, .. validated ? ["validation loss", .. validation.Select(name => "validation " + name)] : Array.Empty<string>(),
            "learning rate", "seconds", "images per second"];
        text.AppendJoin(',', titles).Append('\n');
        foreach (var epoch in Epochs)
        {
            double?[] values = [epoch.Epoch, epoch.Loss, .. metrics.Select(epoch.Metrics.Find),
                .. validated ? [epoch.ValidationLoss, .. validation.Select(name => epoch.ValidationMetrics?.Find(name))] : Array.Empty<double?>(),
                epoch.LearningRate, epoch.Seconds, epoch.ImagesPerSecond];
            text.AppendJoin(',', values.Select(value => value?.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A line for each batch, after one of titles: batch (counting from 1), loss. Comma separated, with a point in numbers.</summary>
    public string ToBatchCsv()
    {
        var text = new StringBuilder("batch,loss\n");
        foreach (var (index, loss) in BatchLosses.Index()) text.Append(CultureInfo.InvariantCulture, $"{index + 1},{loss:R}\n");
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(TrainingHistory? other) =>
        other is not null && Epochs.SequenceEqual(other.Epochs) && BatchLosses.SequenceEqual(other.BatchLosses) && Optimizer == other.Optimizer &&
        Schedule == other.Schedule && Loss == other.Loss && Augmentation == other.Augmentation && GradientClipping == other.GradientClipping &&
        Device == other.Device && Equals(Transfer, other.Transfer) && Equals(SkippedImages, other.SkippedImages) && SameTexts(Options, other.Options) && SameTexts(Versions, other.Versions) &&
        (StopReason, BestEpoch, RestoredEpoch, Precision) == (other.StopReason, other.BestEpoch, other.RestoredEpoch, other.Precision) &&
        (Seed, Threads, BatchSize, TrainingRows, ValidationRows) == (other.Seed, other.Threads, other.BatchSize, other.TrainingRows, other.ValidationRows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epochs.Count, Seed, TrainingRows, Optimizer);

    /// <summary>A line on the run, then one for each epoch.</summary>
    public override string ToString()
    {
        var validation = ValidationRows == 0 ? "" : $", {ValidationRows} validation rows";
        var options = string.Concat(Options.Select(pair => $", {pair.Key} {pair.Value}"));
        var restored = RestoredEpoch is { } epoch ? $", with the weights of epoch {epoch}" : "";
        var first = $"{StopReason} after {Epochs.Count} epochs{restored}: {TrainingRows} training rows{validation}, batches of {BatchSize}, {Optimizer}{options}, " +
            $"seed {Seed}, {Device}{(Precision == Precision.Full ? "" : " in bfloat16")}, {Threads} threads";
        return string.Join(Environment.NewLine, Epochs.Select(epoch => epoch.ToString()).Prepend(first));
    }

    private List<string> Names(Func<EpochReport, MetricCollection?> metrics) =>
        [.. Epochs.SelectMany(epoch => metrics(epoch) ?? MetricCollection.None).Select(metric => metric.Key).Distinct()];

    private static bool SameTexts(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
