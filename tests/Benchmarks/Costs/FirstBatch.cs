using System.Diagnostics;
using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>How long Fit takes until a first batch is learned.</summary>
internal sealed class FirstBatch : Cost
{
    private static readonly (string Model, int Rows)[] s_asked = [("uw-mnist", 1000), ("uw-mnist", 60_000), ("vgg16-cifar", 10_000)];

    public override string Name => "first-batch";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(args[0]));
        var view = Vector.View(ml, model.Shape, Count(args[1]));
        yield return ("cold", Milliseconds(ml, model, view));
        yield return ("warm", Milliseconds(ml, model, view));
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("Time to the first batch");
        page.Paragraph($"""
            From the call of Fit, with the rows in memory, to the end of the first training step: reading the rows, first weights, and, in the first Fit
            of a process, loading LibTorch and compiling the program's own code.
            """);
        page.Table("network", "rows", "first Fit, ms", "second Fit, ms");
        foreach (var (model, rows) in s_asked)
        {
            var numbers = ask([model, FormattableString.Invariant($"{rows}")]);
            page.Row(model, $"{rows:N0}", $"{numbers["cold"]:N0}", $"{numbers["warm"]:N0}");
        }

        page.EndTable();
    }

    private static double Milliseconds(MLContext ml, BenchmarkModel model, IDataView view)
    {
        using var stop = new CancellationTokenSource();
        var (began, taken) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        var options = Options(model) with
        {
            CancellationToken = stop.Token,
            OnBatchEnd = _ =>
            {
                if (taken == TimeSpan.Zero) taken = Stopwatch.GetElapsedTime(began);
                stop.Cancel();
            },
        };
        ml.MulticlassClassification.Trainers.Cnn(options).Fit(view).Dispose();
        return taken.TotalMilliseconds;
    }
}
