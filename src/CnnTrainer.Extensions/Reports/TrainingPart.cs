using System.Globalization;

namespace CnnMlNet.Reports;

/// <summary>What the history says of a run.</summary>
internal static class TrainingPart
{
    private const int MostPoints = 1000, MostPlain = 100;

    public static IReadOnlyList<NamedText> Run(TrainingHistory history)
    {
        (string Name, string? Value)[] options =
        [
            ("Ended", Ended(history)),
            ("Seed", Text(history.Seed)),
            ("Device", $"{history.Device}, {Text(history.Threads)} threads{(history.Precision == Precision.Full ? "" : ", bfloat16")}"),
            ("Time", Duration(history.Seconds)),
            ("Training rows", Text(history.TrainingRows)),
            ("Validation rows", history.ValidationRows == 0 ? "none" : Text(history.ValidationRows)),
            ("Batch", Text(history.BatchSize)),
            ("Optimizer", history.Optimizer.ToString()),
            ("Schedule", history.Schedule?.ToString()),
            ("Gradients", history.GradientClipping?.ToString()),
            ("Loss", history.Loss?.ToString()),
            ("Augmentation", history.Augmentation?.ToString()),
            ("First weights", history.Transfer?.ToString()),
            .. history.Options.Select(option => (option.Key, (string?)option.Value)),
        ];
        return [.. options.Where(option => option.Value is not null).Select(option => new NamedText(option.Name, option.Value!))];
    }

    public static TrainingCurves Curves(TrainingHistory history)
    {
        var losses = history.BatchLosses;
        int window = losses.Count > MostPlain ? losses.Count / 50 : 0;
        return new TrainingCurves(
            Points(losses), window == 0 ? [] : Means(losses, window), window, losses.Count,
            [.. history.Epochs.SelectMany(epoch => epoch.Metrics).Select(metric => metric.Key).Distinct()],
            [.. history.Epochs.Select(epoch => new EpochData(
                epoch.Epoch, Finite(epoch.Loss), Finite(epoch.ValidationLoss), Metrics(epoch.Metrics)!, Metrics(epoch.ValidationMetrics),
                Finite(epoch.LearningRate), Finite(epoch.Seconds), Finite(epoch.ImagesPerSecond)))],
            history.BestEpoch);
    }

    public static string Duration(double seconds) => seconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s")
        : seconds < 5400 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F1} min") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F1} h");

    public static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with six digits; null where it is not finite.</summary>
    public static double? Finite(double? value) => value is { } number && double.IsFinite(number)
        ? double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    private static string Ended(TrainingHistory history)
    {
        var why = history.StopReason switch
        {
            StopReason.Completed => "after all epochs",
            StopReason.EarlyStopped => "early, since it no longer improved",
            StopReason.TimeBudget => "when its time was over",
            _ => "when it was cancelled",
        };
        return $"{why}; {Text(history.Epochs.Count)} in all{(history.BestEpoch is { } best ? $", the best was epoch {Text(best)}" : "")}" +
            (history.RestoredEpoch is { } restored ? $", and the model has the weights of epoch {Text(restored)}" : "");
    }

    private static Dictionary<string, double?>? Metrics(MetricCollection? metrics) => metrics?.ToDictionary(metric => metric.Key, metric => Finite(metric.Value));

    /// <summary>All of few; of many the least and the largest of each of 500 parts.</summary>
    private static List<double?[]> Points(IReadOnlyList<float> losses)
    {
        if (losses.Count <= MostPoints) return [.. losses.Select((loss, i) => Point(i, loss))];
        var points = new List<double?[]>();
        foreach (var (start, end) in Parts(losses.Count))
        {
            var part = Enumerable.Range(start, end - start).ToList();
            int[] shown = [part.MinBy(i => losses[i]), part.MaxBy(i => losses[i])];
            points.AddRange(shown.Distinct().Order().Select(i => Point(i, losses[i])));
        }

        return points;
    }

    private static List<double?[]> Means(IReadOnlyList<float> losses, int window)
    {
        double[] sums = new double[losses.Count + 1];
        for (int i = 0; i < losses.Count; i++) sums[i + 1] = sums[i] + losses[i];
        int step = Math.Max(1, losses.Count / MostPoints);
        return [.. Enumerable.Range(0, (losses.Count - window) / step + 1).Select(part => part * step)
            .Select(start => Point(start + (window - 1) / 2, (sums[start + window] - sums[start]) / window))];
    }

    private static IEnumerable<(int Start, int End)> Parts(int count) => Enumerable.Range(0, MostPoints / 2)
        .Select(part => ((int)((long)count * part / (MostPoints / 2)), (int)((long)count * (part + 1) / (MostPoints / 2))));

    private static double?[] Point(int index, double loss) => [index + 1, Finite(loss)];
}
