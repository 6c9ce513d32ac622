using CnnMlNet.Tests;
using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Managed bytes and calls of LibTorch of a step, a prediction and a batch of scoring. Tests hold them within limits.</summary>
internal sealed class Allocations : Cost
{
    private const int Steps = 20, ScoredRows = 128;

    private static readonly string[] s_models = ["uw-mnist", "dinh-mlp-fashion", "atzberger-cifar"];

    public override string Name => "allocations";

    public override IEnumerable<(string Key, double Value)> Measure(string[] args)
    {
        var (ml, model) = (new MLContext(1), Model(args[0]));
        const int batch = 8;   // counts do not depend on it
        var view = Vector.View(ml, model.Shape, Steps * batch);
        using var trained = ml.MulticlassClassification.Trainers.Cnn(Options(model)).Fit(view);   // loads LibTorch, which is where the counter is
        var step = Counted.PerStep(epochs => ml.MulticlassClassification.Trainers.Cnn(Options(model, epochs) with { BatchSize = batch }), view, Steps);
        var scored = Counted.PerRows(trained, rows => Vector.Endless(ml, model.Shape, rows), ScoredRows);
        var engine = ml.Model.CreatePredictionEngine<Vector, VectorScores>(trained, inputSchemaDefinition: Vector.Schema(model.Shape));
        var predict = Counted.PerPredict(engine, Vector.Rows(model.Shape, 1)[0]);
        return new[] { ("step", step), ("predict", predict), ("scored", scored) }
            .SelectMany(count => new[] { (count.Item1 + "-bytes", count.Item2.Bytes), (count.Item1 + "-calls", count.Item2.Calls) });
    }

    protected override void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page)
    {
        page.Heading("Allocations and calls");
        page.Paragraph($"""
            Managed bytes allocated and calls of LibTorch's operators from managed code. Tests hold them within limits (tests/CnnTrainer.Tests/Speed).
            """);
        page.Table("network", "a training step, bytes", "calls", "a Predict, bytes", "calls", $"{ScoredRows} rows of Transform, bytes", "calls");
        foreach (var model in s_models)
        {
            var numbers = ask([model]);
            page.Row([model, .. ((string[])["step", "predict", "scored"]).SelectMany(what => new[] { Text(numbers[what + "-bytes"]), Text(numbers[what + "-calls"]) })]);
        }

        page.EndTable();

        static string Text(double number) => double.IsNaN(number) ? "not counted" : FormattableString.Invariant($"{number:N0}");
    }
}
