using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>The largest batch that a network trains with, within a share of the memory that is free, and up to a cap.</summary>
internal sealed class LargestBatch : Cost
{
    private const string Network = "uw-mnist";
    private const int Cap = 60_000, Small = 2000, Larger = 6000;
    private const double Share = 0.7;   // of free memory: beyond it the system might end other processes

    public override string Name => "batch";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model, batch) = (new MLContext(1), Model(Network), Count(args[0]));
        var view = Vector.Endless(ml, model.Shape, batch);
        using var trained = ml.MulticlassClassification.Trainers.Cnn(Options(model, epochs: 2) with { BatchSize = batch }).Fit(view);
        return [("peak", Machine.PeakMemory), ("speed", trained.Model.History.Epochs[^1].ImagesPerSecond)];
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        double free = Share * Machine.FreeMemory;
        var (small, larger) = (Ask(Small), Ask(Larger));
        double perRow = Math.Max(1, (larger["peak"] - small["peak"]) / (Larger - Small)), rest = small["peak"] - Small * perRow;
        int most = (int)Math.Min(Cap, Math.Floor((free - rest) / perRow / 1000) * 1000);
        var largest = Ask(most);
        page.Heading("Largest batch");
        page.Paragraph($"""
            {Network} trains with {most:N0} rows a batch: {largest["peak"] / 1e9:F1} GB at the peak, {largest["speed"]:N0} images/s.
            {(most == Cap ? $"No more were tried." : FormattableString.Invariant($"More would pass {free / 1e9:F1} GB, {Share:P0} of the memory that is free."))}
            A row takes {perRow / 1e3:N0} kB.
            """);

        IReadOnlyDictionary<string, double> Ask(int rows) => ask([FormattableString.Invariant($"{rows}")]);
    }
}
