using System.Diagnostics;
using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Saving and loading a model of VGG-16's size, into the zip of ML.NET.</summary>
internal sealed class SaveAndLoad : Cost
{
    private const int Rounds = 3;

    public override string Name => "save";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, shape) = (new MLContext(1), new ImageShape(3, 32, 32));
        var view = Vector.View(ml, shape, 4);
        var options = new CnnTrainerOptions { Architecture = CnnArchitecture.Vgg16, Epochs = 1, Optimizer = Optimizer.Sgd() };
        using var model = ml.MulticlassClassification.Trainers.Cnn(options).Fit(view);
        double parameters = model.Model.WeightPaths.Sum(path => model.Model.GetWeights(path).Values.Count);
        var file = Path.Combine(Path.GetTempPath(), $"cnn-benchmark-{Environment.ProcessId}.zip");
        try
        {
            double save = MedianOf(() => ml.Model.Save(model, view.Schema, file));
            double load = MedianOf(() => ((IDisposable)ml.Model.Load(file, out _)).Dispose());
            return [("bytes", new FileInfo(file).Length), ("parameters", parameters), ("save", save), ("load", load)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        var numbers = ask([]);
        double megabytes = numbers["parameters"] * sizeof(float) / 1e6;
        page.Heading("Saving and loading");
        page.Paragraph($"""
            `ml.Model.Save` and `ml.Model.Load` of VGG-16 with {numbers["parameters"]:N0} parameters, {megabytes:N0} MB as float32,
            {numbers["bytes"] / 1e6:N0} MB as a file on this machine's disk, its cache warm.
            """);
        page.Table("", "ms", "MB/s");
        foreach (var what in (string[])["save", "load"]) page.Row(what, $"{numbers[what]:N0}", $"{megabytes / numbers[what] * 1e3:N0}");
        page.EndTable();
    }

    private static double MedianOf(Action action) => Comparison.Median([.. Enumerable.Range(0, Rounds).Select(_ =>
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    })]);
}
