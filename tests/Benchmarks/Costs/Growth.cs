using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>How the time of an epoch grows with images, and shrinks with threads.</summary>
internal sealed class Growth : Cost
{
    private const string Network = "uw-mnist";

    private static readonly (int Rows, int Epochs)[] s_sizes = [(1000, 11), (10_000, 4), (60_000, 3)];

    public override string Name => "growth";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(Network));
        var view = Vector.Endless(ml, model.Shape, Count(args[0]));
        using var trained = ml.MulticlassClassification.Trainers.Cnn(Options(model, Count(args[1])) with { Threads = Count(args[2]) }).Fit(view);
        return [("seconds", Comparison.Median([.. trained.Model.History.Epochs.Skip(1).Select(epoch => epoch.Seconds)]))];
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("Images and threads");
        page.Paragraph($"An epoch of {Network}, the first apart.");
        page.Table("images", "1 thread, s", "images/s", "2 threads, s", "images/s", "1 thread over 2");
        foreach (var (rows, epochs) in s_sizes)
        {
            double[] seconds = [.. Enumerable.Range(1, 2).Select(threads => ask([.. ((int[])[rows, epochs, threads]).Select(number => FormattableString.Invariant($"{number}"))])["seconds"])];
            page.Row(FormattableString.Invariant($"{rows:N0}"), $"{seconds[0]:F2}", $"{rows / seconds[0]:N0}", $"{seconds[1]:F2}", $"{rows / seconds[1]:N0}", $"{seconds[0] / seconds[1]:F2}");
        }

        page.EndTable();
    }
}
