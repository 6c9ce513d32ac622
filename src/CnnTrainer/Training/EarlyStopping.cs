using System.Globalization;

namespace CnnMlNet;

/// <summary>What tells a better epoch from a worse one, measured on the validation rows.</summary>
public enum WatchedMetric
{
    /// <summary>The validation loss: less is better.</summary>
    Loss,

    /// <summary>The share of validation rows, or of their labelled pixels, whose class is right: more is better. For classifiers.</summary>
    Accuracy,
}

/// <summary>
/// Ends training when the validation rows are learned no better, and gives the model the weights of its best epoch (Prechelt 1998). Immutable;
/// thread safe.
/// </summary>
public sealed record EarlyStopping
{
    private EarlyStopping() { }

    /// <summary>What is watched.</summary>
    public required WatchedMetric Metric { get; init; }

    /// <summary>Epochs without a better one that end the training.</summary>
    public required int Patience { get; init; }

    /// <summary>An epoch is better where the metric improves by more than this.</summary>
    public double MinimalChange { get; init; }

    /// <summary>Whether the model gets the weights of its best epoch; false for the last ones. Default true.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>Watches the validation loss.</summary>
    /// <param name="patience">Epochs without a better one that end the training; at least 1. Default 5.</param>
    /// <param name="minimalChange">What a better epoch has less, at least 0. Default 0.</param>
    /// <param name="restoreBest">Whether the model gets the weights of its best epoch. Default true.</param>
    public static EarlyStopping OnLoss(int patience = 5, double minimalChange = 0, bool restoreBest = true) =>
        new() { Metric = WatchedMetric.Loss, Patience = patience, MinimalChange = minimalChange, RestoreBest = restoreBest };

    /// <summary>Watches the validation accuracy. For classifiers.</summary>
    /// <param name="patience">Epochs without a better one that end the training; at least 1. Default 5.</param>
    /// <param name="minimalChange">What a better epoch has more, 0 to 1. Default 0.</param>
    /// <param name="restoreBest">Whether the model gets the weights of its best epoch. Default true.</param>
    public static EarlyStopping OnAccuracy(int patience = 5, double minimalChange = 0, bool restoreBest = true) =>
        new() { Metric = WatchedMetric.Accuracy, Patience = patience, MinimalChange = minimalChange, RestoreBest = restoreBest };

    /// <summary><c>after 5 epochs without a better validation loss</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"after {Patience} epochs without a better validation {Metric.ToString().ToLowerInvariant()}{(MinimalChange == 0 ? "" : " by ")}{(MinimalChange == 0 ? null : MinimalChange)}");

    /// <summary>What is out of range, one sentence each.</summary>
    internal IEnumerable<string> Errors()
    {
        if (!Enum.IsDefined(Metric)) yield return $"EarlyStopping: there is no metric {(int)Metric}.";
        if (Patience < 1) yield return $"EarlyStopping: the patience is {Patience}; it must be at least 1.";
        if (!(MinimalChange >= 0 && double.IsFinite(MinimalChange)))
            yield return FormattableString.Invariant($"EarlyStopping: the minimal change is {MinimalChange}; it must be at least 0.");
    }
}
