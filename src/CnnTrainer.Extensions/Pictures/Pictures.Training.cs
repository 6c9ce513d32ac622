namespace CnnMlNet;

public static partial class Pictures
{
    /// <summary>The loss of each batch over the steps, where it is known, above the loss of training and validation rows over the epochs; a dashed line at the
    /// best epoch.</summary>
    /// <param name="history">How a model was trained: <c>model.Model.History</c>.</param>
    public static SvgPicture Loss(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var epochs = Epochs(history, "loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss);
        return history.BatchLosses.Count == 0 ? Drawn("Loss", epochs) : Drawn("Loss", Losses(history), epochs);
    }

    /// <summary>A metric of training and validation rows over the epochs; a dashed line at the best epoch.</summary>
    /// <param name="history">How a model was trained: <c>model.Model.History</c>.</param>
    /// <param name="name">The metric, as the history names it. Default <c>accuracy</c>, where there is one, otherwise the first.</param>
    /// <exception cref="ArgumentException">The history has no such metric, or none at all; the message lists those it has.</exception>
    public static SvgPicture Metric(TrainingHistory history, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        var names = MetricsOf(history);
        if (names.Count == 0) throw new ArgumentException("The history has no metrics: draw its loss.", nameof(history));
        if (name is not null && !names.Contains(name)) throw new ArgumentException($"The history has no metric '{name}'. There are: {string.Join(", ", names)}.", nameof(name));
        return Drawn(FirstUpper(name ?? names[0]), OverEpochs(history, name ?? names[0]));
    }

    /// <summary>The learning rate of each epoch's last step.</summary>
    /// <param name="history">How a model was trained: <c>model.Model.History</c>.</param>
    public static SvgPicture LearningRate(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var plot = Epochs(history, "learning rate", epoch => epoch.LearningRate, _ => null);
        return Drawn("Learning rate", plot with { Curves = [plot.Curves[0] with { Series = plot.Curves[0].Series with { Name = "at the epoch's end" } }] });
    }

    private static SvgPicture Drawn(string title, params ReadOnlySpan<Plot> plots)
    {
        var canvas = new SvgCanvas();
        Title(canvas, title);
        double bottom = Top - 20;
        foreach (var plot in plots) bottom = plot.Draw(canvas, Width, bottom + 20, height: plots.Length == 1 ? 312 : 208);
        return canvas.Finish(Width, bottom + 16, title);
    }

    /// <summary>The metrics of the training rows, the accuracy first.</summary>
    private static List<string> MetricsOf(TrainingHistory history) =>
        [.. history.Epochs.SelectMany(epoch => epoch.Metrics).Select(metric => metric.Key).Distinct().OrderBy(name => name != "accuracy")];

    private static Plot OverEpochs(TrainingHistory history, string metric) =>
        Epochs(history, metric, epoch => epoch.Metrics.Find(metric), epoch => epoch.ValidationMetrics?.Find(metric));

    private static string FirstUpper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
