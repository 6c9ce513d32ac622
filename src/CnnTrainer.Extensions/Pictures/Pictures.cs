namespace CnnMlNet;

/// <summary>
/// Draws training, results and networks. Each method gives a picture that Save writes as a file; the same input gives the same bytes.
/// Images of a view are drawn by <c>ml.Data.DrawImages</c>.
/// </summary>
public static partial class Pictures
{
    private const double Width = 760, Top = 44;
    private const double TitleSize = 16;
    private const int MostPlainBatches = 100;
    private static readonly string?[] Dashes = [null, "7 3", "2 3"];

    /// <summary>The loss of each batch over the steps, above the metric over the epochs (accuracy, where there is one), of training and validation
    /// rows; a dashed line at the best epoch. Where the batches' losses are not known, the epochs' stand above.</summary>
    /// <param name="history">How a model was trained: <c>model.Model.History</c>.</param>
    public static SvgPicture Training(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Drawn("Training", Losses(history), MetricOrLoss(history));
    }

    /// <summary>Lines between two axes.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="xLabel">What x is, with its unit.</param>
    /// <param name="yLabel">What y is, with its unit.</param>
    /// <param name="series">The lines. Of many points, four a column of pixels are drawn, the lowest and the highest among them.</param>
    /// <exception cref="ArgumentException">A line has more or fewer X than Y.</exception>
    public static SvgPicture Lines(string title, string xLabel, string yLabel, params IReadOnlyList<LineSeries> series)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        ArgumentNullException.ThrowIfNull(series);
        foreach (var line in series)
        {
            if (line.X.Count != line.Y.Count)
                throw new ArgumentException($"The line '{line.Name}' has {line.X.Count} X and {line.Y.Count} Y; there must be as many of both.", nameof(series));
        }

        const int Colours = 7;   // yellow is too light for a line
        var canvas = new SvgCanvas();
        Title(canvas, title);
        var plot = new Plot
        {
            XLabel = xLabel, YLabel = yLabel,
            Curves = [.. series.Select((line, i) => new Curve(line, SvgCanvas.Colours[i % Colours], Dash: Dashes[i / Colours % Dashes.Length]))],
            WholeX = series.SelectMany(line => line.X).Where(Axis.IsDrawable).All(double.IsInteger),
        };
        return canvas.Finish(Width, plot.Draw(canvas, Width, Top, height: 312) + 16, title);
    }

    /// <summary>A bar for each value, from top to bottom; the smallest value in another colour. For the accuracy of each class, for example.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="valueLabel">What the values are, with their unit.</param>
    /// <param name="bars">Names and values; one that is not finite (or beyond 1e300) has no bar.</param>
    public static SvgPicture Bars(string title, string valueLabel, params IReadOnlyList<(string Name, double Value)> bars) =>
        Bars(title, valueLabel, bars, marksSmallest: true);

    internal static SvgPicture Bars(string title, string valueLabel, IReadOnlyList<(string Name, double Value)> bars, bool marksSmallest)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(valueLabel);
        ArgumentNullException.ThrowIfNull(bars);
        var canvas = new SvgCanvas();
        Title(canvas, title);
        double bottom = BarChart.Draw(canvas, valueLabel, bars, Width, Top, marksSmallest);
        return canvas.Finish(Width, bottom, title);
    }

    private static void Title(SvgCanvas canvas, string title, double width = Width) => canvas.Fitted(24, 28, title, width - 48, "start", TitleSize);

    private static Plot Losses(TrainingHistory history)
    {
        if (history.BatchLosses.Count == 0) return Epochs(history, "loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss);
        double[] losses = [.. history.BatchLosses], steps = [.. Enumerable.Range(1, losses.Length).Select(step => (double)step)];
        var (batches, window) = (Line("each batch", steps, losses), losses.Length / 50);
        var plot = new Plot { XLabel = "step", YLabel = "training loss", WholeX = true, Curves = [new Curve(batches, SvgCanvas.Colours[0])] };
        if (losses.Length <= MostPlainBatches) return plot;
        var means = Line($"mean of {Text(window)} batches", steps[((window - 1) / 2)..], Means(losses, window));
        return plot with { Curves = [new Curve(batches, "#a9cbe2", 0.8), new Curve(means, SvgCanvas.Colours[0])] };
    }

    private static Plot MetricOrLoss(TrainingHistory history) => MetricsOf(history) is [var metric, ..]
        ? OverEpochs(history, metric) : Epochs(history, "loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss);

    private static Plot Epochs(TrainingHistory history, string name, Func<EpochReport, double?> training, Func<EpochReport, double?> validation)
    {
        double[] epochs = [.. history.Epochs.Select(epoch => (double)epoch.Epoch)];
        var curves = new List<Curve> { new(Line("training", epochs, Values(training)), SvgCanvas.Colours[0]) };
        bool validated = history.Epochs.Any(epoch => validation(epoch) is not null);
        if (validated) curves.Add(new Curve(Line("validation", epochs, Values(validation)), SvgCanvas.Colours[1]));
        return new Plot
        {
            XLabel = "epoch", YLabel = name, WholeX = true, Curves = curves,
            Mark = history.BestEpoch is { } best && epochs.Contains(best) ? (best, "best epoch: " + Text(best)) : null,
        };

        double[] Values(Func<EpochReport, double?> value) => [.. history.Epochs.Select(epoch => value(epoch) ?? double.NaN)];
    }

    private static LineSeries Line(string name, double[] x, double[] y) => new() { Name = name, X = x[..y.Length], Y = y };

    /// <summary>The means of as many neighbours as the window holds.</summary>
    private static double[] Means(double[] values, int window)
    {
        var means = new double[values.Length - window + 1];
        double sum = values.AsSpan(0, window - 1).ToArray().Sum();
        for (int i = 0; i < means.Length; i++)
        {
            sum += values[i + window - 1];
            means[i] = sum / window;
            sum -= values[i];
        }

        return means;
    }
}
