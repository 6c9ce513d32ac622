using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>What ML.NET, shuffling, metrics and history cost: Fit against a loop of TorchSharp alone, in turn in one process.</summary>
internal sealed class PathCost : Cost
{
    private const int Rounds = 3, Epochs = 5;
    private const double Goal = 0.03;

    private static readonly string[] s_models = ["uw-mnist", "neu-mnist", "atzberger-cifar", "dinh-mlp-fashion", "dinh-mlp-cifar"];

    public override string Name => "path";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(args[0]));
        var view = Vector.View(ml, model.Shape, model.Rows);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(Options(model, Epochs));
        BareLoop? bare = null;
        var (ours, bares) = (new double[Rounds], new double[Rounds]);
        for (int round = 0; round < Rounds; round++)
        {
            using var trained = trainer.Fit(view);
            ours[round] = MedianOf(trained.Model.History.Epochs.Select(epoch => epoch.ImagesPerSecond));
            bare ??= new BareLoop(model);   // LibTorch is loaded and has its threads
            bares[round] = MedianOf(Enumerable.Range(0, Epochs).Select(_ => bare.Epoch()));
        }

        bare?.Dispose();
        return [("fit", Comparison.Median(ours)), ("bare", Comparison.Median(bares))];

        static double MedianOf(IEnumerable<double> epochs) => Comparison.Median([.. epochs.Skip(1)]);
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("The ML.NET path over a bare TorchSharp loop");
        page.Paragraph($"""
            The same layers, batches and Adam in a loop of TorchSharp alone: the images in one tensor, channels last, a batch gathered by
            `index_select`, no metrics and no loss read. Goal: at most {Goal:P0} more time.
            """);
        page.Table("network", "Fit, images/s", "bare loop, images/s", "more time");
        foreach (var model in s_models)
        {
            var numbers = ask([model]);
            page.Row(model, $"{numbers["fit"]:N0}", $"{numbers["bare"]:N0}", $"{100 * (numbers["bare"] / numbers["fit"] - 1):F1} %");
        }

        page.EndTable();
    }
}
