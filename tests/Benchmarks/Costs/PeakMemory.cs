using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>The most memory that a process holds while it trains.</summary>
internal sealed class PeakMemory : Cost
{
    private static readonly (string Model, int Rows)[] s_asked = [("uw-mnist", 1000), ("uw-mnist", 60_000), ("resnet9-cifar", 1024), ("vgg16-cifar", 256)];

    public override string Name => "memory";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(args[0]));
        var view = Vector.Endless(ml, model.Shape, Count(args[1]));
        ml.MulticlassClassification.Trainers.Cnn(Options(model)).Fit(view).Dispose();
        yield return ("peak", Machine.PeakMemory);
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("Peak memory");
        page.Paragraph($"""
            VmHWM of a process that trains one epoch, .NET and LibTorch included, from a view that itself holds no more than 1,000 rows; images are kept
            in memory.
            """);
        page.Table("network", "rows", "batch", "images, MB", "peak, MB");
        foreach (var (name, rows) in s_asked)
        {
            var (model, numbers) = (Model(name), ask([name, FormattableString.Invariant($"{rows}")]));
            page.Row(name, $"{rows:N0}", $"{model.BatchSize}", $"{Megabytes(model.Shape.Size * sizeof(float) * rows):N0}", $"{Megabytes((long)numbers["peak"]):N0}");
        }

        page.EndTable();
    }
}
