using System.Globalization;
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
