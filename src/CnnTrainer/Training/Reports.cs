using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>How training stands after one batch. Losses are mean cross entropies in nats.</summary>
/// <param name="Epoch">The epoch, counting from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Batch">The batch within the epoch, counting from 1.</param>
/// <param name="Batches">Batches in an epoch, a last partial one included.</param>
/// <param name="Loss">Loss of this batch, before its step.</param>
/// <param name="EpochLoss">Mean loss over the epoch's rows so far.</param>
/// <param name="EpochAccuracy">Share of the epoch's rows so far whose class was right; 0 to 1.</param>
/// <param name="ImagesPerSecond">Training speed since the first batch.</param>
/// <param name="Remaining">Estimated time until training ends.</param>
public readonly record struct BatchReport(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double EpochLoss, double EpochAccuracy, double ImagesPerSecond, TimeSpan Remaining);

/// <summary>What one epoch came to, over every row of every batch. Losses are mean cross entropies in nats.</summary>
/// <param name="Epoch">The epoch, counting from 1.</param>
/// <param name="Loss">Mean training loss, each row as it was met: with dropout on and before the epoch's later steps.</param>
/// <param name="Accuracy">Share of training rows whose class was right as they were met; 0 to 1.</param>
/// <param name="ValidationLoss">Mean loss on the validation rows after the epoch; null without validation.</param>
/// <param name="ValidationAccuracy">Share of validation rows whose class was right after the epoch; null without validation.</param>
public sealed record EpochReport(int Epoch, double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy)
{
    /// <summary>Duration in seconds, validation included. Not saved with the model, so that the same training gives the same file.</summary>
    [JsonIgnore]
    public double Seconds { get; init; }
}

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The cancellation token was set; the weights are those learned until then.</summary>
    Cancelled,
}

/// <summary>How a model was trained; saved with it. Immutable; thread safe.</summary>
/// <param name="Epochs">A report for each finished epoch.</param>
/// <param name="StopReason">Why training ended.</param>
/// <param name="Seed">The seed that gives the same weights again.</param>
/// <param name="Threads">Number of LibTorch threads.</param>
/// <param name="Device">The device, <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="BatchSize">Rows of a step.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="TrainingRows">Rows trained on.</param>
/// <param name="ValidationRows">Rows validated on; 0 without validation.</param>
public sealed record TrainingHistory(
    IReadOnlyList<EpochReport> Epochs, StopReason StopReason, int Seed, int Threads, string Device,
    int BatchSize, Optimizer Optimizer, long TrainingRows, long ValidationRows);
