using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using CnnMlNet.Heads;

namespace CnnMlNet;

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

    /// <summary>Duration in seconds, validation included. It does not count where reports are compared.</summary>
    public double Seconds { get; init; }

    /// <summary>Training speed, without the validation. It does not count where reports are compared.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Share of training rows whose class was right as they were met, 0 to 1; null where the task has no classes.</summary>
    [JsonIgnore]
    public double? Accuracy => Metrics.Find(MetricNames.Accuracy);

    /// <summary>Share of validation rows whose class was right after the epoch, 0 to 1; null without validation or classes.</summary>
    [JsonIgnore]
    public double? ValidationAccuracy => ValidationMetrics?.Find(MetricNames.Accuracy);

    /// <summary>Equal numbers; how long it took does not count.</summary>
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
