using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using CnnMlNet.Heads;

namespace CnnMlNet;

/// <summary>How training stands after a batch. Losses are means over rows, cross entropies in nats.</summary>
public readonly record struct BatchReport
{
    /// <summary>The epoch, counting from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>The batch within the epoch, counting from 1.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches in an epoch, a last partial one included.</summary>
    public required int Batches { get; init; }

    /// <summary>Loss of this batch, before its step.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss over the epoch's rows so far.</summary>
    public required double EpochLoss { get; init; }

    /// <summary>Metrics over the epoch's rows so far, as they were met.</summary>
    public required MetricCollection EpochMetrics { get; init; }

    /// <summary>Share of the epoch's rows so far whose class was right, 0 to 1; null where the task has no classes.</summary>
    public double? EpochAccuracy => EpochMetrics.Find(MetricNames.Accuracy);

    /// <summary>Training speed since the first batch.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Estimated time until training ends; <see cref="TimeSpan.MaxValue"/> where it is beyond what that type holds.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>A line: <c>Epoch 3/10, batch 25/100: loss 0.2101, in the epoch 0.2340, accuracy 0.9310, 5120 images/s</c>.</summary>
    public override string ToString()
    {
        var metrics = EpochMetrics is { Count: > 0 } ? $", {EpochMetrics}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {Epoch}/{Epochs}, batch {Batch}/{Batches}: loss {Loss:F4}, in the epoch {EpochLoss:F4}{metrics}, {ImagesPerSecond:F0} images/s");
    }
}

/// <summary>What one epoch came to, over every row of every batch. Losses are means over rows, cross entropies in nats.</summary>
public sealed record EpochReport
{
    /// <summary>The epoch, counting from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean training loss, each row as it was met: with dropout on and before the epoch's later steps.</summary>
    public required double Loss { get; init; }

    /// <summary>Metrics of the training rows as they were met.</summary>
    public MetricCollection Metrics { get; init; } = MetricCollection.None;

    /// <summary>Mean loss on the validation rows after the epoch; null without validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Metrics of the validation rows after the epoch; null without validation.</summary>
    public MetricCollection? ValidationMetrics { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Duration in seconds, validation included. Not saved with the model, so that the same training gives the same file.</summary>
    [JsonIgnore]
    public double Seconds { get; init; }

    /// <summary>Share of training rows whose class was right as they were met, 0 to 1; null where the task has no classes.</summary>
    [JsonIgnore]
    public double? Accuracy => Metrics.Find(MetricNames.Accuracy);

    /// <summary>Share of validation rows whose class was right after the epoch, 0 to 1; null without validation or classes.</summary>
    [JsonIgnore]
    public double? ValidationAccuracy => ValidationMetrics?.Find(MetricNames.Accuracy);

    /// <summary>Equal numbers; how long it took does not count, so that the same training gives an equal report.</summary>
    public bool Equals(EpochReport? other) =>
        other is not null && Metrics.Equals(other.Metrics) && Equals(ValidationMetrics, other.ValidationMetrics) &&
        (Epoch, Loss, ValidationLoss, LearningRate) == (other.Epoch, other.Loss, other.ValidationLoss, other.LearningRate);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epoch, Loss, ValidationLoss, LearningRate);

    /// <summary>A line: <c>Epoch 3: loss 0.2101, accuracy 0.9310, validation loss 0.2340, validation accuracy 0.9270, 1.4 s</c>.</summary>
    public override string ToString() => ToText(null);

    /// <summary>As <see cref="ToString"/>, with the epochs asked for: <c>Epoch 3/10: ...</c>.</summary>
    internal string ToText(int? epochs)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Epoch {Epoch}{(epochs is null ? "" : "/")}{epochs}: loss {Loss:F4}"));
        if (Metrics.Count > 0) text.Append(", ").Append(Metrics);
        if (ValidationLoss is { } loss) text.Append(CultureInfo.InvariantCulture, $", validation loss {loss:F4}");
        foreach (var (name, value) in ValidationMetrics ?? MetricCollection.None) text.Append(CultureInfo.InvariantCulture, $", validation {name} {value:F4}");
        return text.Append(CultureInfo.InvariantCulture, $", {Seconds:F1} s").ToString();
    }
}

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The cancellation token was set; the weights are those learned until then.</summary>
    Cancelled,
}

/// <summary>How a model was trained; saved with it. Equal where all its parts are. Immutable; thread safe.</summary>
public sealed record TrainingHistory
{
    /// <summary>A report for each finished epoch.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The seed that gives the same weights again.</summary>
    public required int Seed { get; init; }

    /// <summary>Number of LibTorch threads.</summary>
    public required int Threads { get; init; }

    /// <summary>The device, <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Rows of a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The optimizer.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changed; null where it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <summary>How gradients were clipped; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GradientClipping? GradientClipping { get; init; }

    /// <summary>Rows trained on.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>Rows validated on; 0 without validation.</summary>
    public required long ValidationRows { get; init; }

    /// <inheritdoc/>
    public bool Equals(TrainingHistory? other) =>
        other is not null && Epochs.SequenceEqual(other.Epochs) && Device == other.Device &&
        Optimizer == other.Optimizer && Schedule == other.Schedule && GradientClipping == other.GradientClipping &&
        (StopReason, Seed, Threads, BatchSize, TrainingRows, ValidationRows) ==
        (other.StopReason, other.Seed, other.Threads, other.BatchSize, other.TrainingRows, other.ValidationRows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epochs.Count, Seed, TrainingRows, Optimizer);

    /// <summary>A line on the run, then one for each epoch.</summary>
    public override string ToString()
    {
        var validation = ValidationRows == 0 ? "" : $", {ValidationRows} validation rows";
        var rules = string.Join(", ", new object?[] { Optimizer, Schedule, GradientClipping }.Where(rule => rule is not null));
        var first = $"{StopReason} after {Epochs.Count} epochs: {TrainingRows} training rows{validation}, batches of {BatchSize}, {rules}, seed {Seed}, {Device}, {Threads} threads";
        return string.Join(Environment.NewLine, Epochs.Select(epoch => epoch.ToString()).Prepend(first));
    }
}
