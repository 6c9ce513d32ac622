using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>What <see cref="Precision.Automatic"/> chooses here.</summary>
internal sealed class PrecisionChosen : Cost
{
    private static readonly string[] s_models = ["uw-mnist", "dinh-mlp-fashion", "vgg16-cifar"];

    public override string Name => "precision";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(args[0]));
        using var trained = ml.MulticlassClassification.Trainers.Cnn(Options(model) with { Precision = Precision.Automatic }).Fit(Vector.View(ml, model.Shape, model.BatchSize));
        return [("bfloat16", trained.Model.History.Precision == Precision.BFloat16 ? 1 : 0)];
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("The precision that `auto` chooses");
        var chosen = s_models.Select(model => $"{(ask([model])["bfloat16"] == 1 ? "bfloat16" : "float32")} for {model}");
        page.Paragraph($"""
            `Precision.Automatic` chose
            {string.Join(", ", chosen)}.{(Machine.HasBFloat16 ? "" : " This processor has no instructions for bfloat16, so no network was timed with it.")}
            """);
    }
}
