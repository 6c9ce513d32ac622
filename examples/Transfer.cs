using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>What was learned on half of the classes, saved in a file, helps to learn the other half from twenty images a class.</summary>
internal static class Transfer
{
    private const int ImagesPerClass = 20;

    /// <summary>Accuracy on the other half: from scratch, with the features of the first half frozen, and fine-tuned after that.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="train">Images to learn from.</param>
    /// <param name="test">Images to be judged by.</param>
    /// <param name="others">The classes of the other half.</param>
    /// <param name="recipe">How the first half is learned.</param>
    /// <param name="path">Where its weights are saved.</param>
    public static (double Scratch, double Frozen, double FineTuned) Compare(
        MLContext ml, IDataView train, IDataView test, IReadOnlyCollection<string> others, CnnTrainerOptions recipe, string path)
    {
        // 1. The rows divided by class: all of the first half, twenty a class of the other.
        var half = Rows(ml, train, label => !others.Contains(label), int.MaxValue);
        var few = Rows(ml, train, others.Contains, ImagesPerClass);
        var judged = Rows(ml, test, others.Contains, int.MaxValue);

        // 2. The first half, learned and saved.
        using (var learned = Pipeline(recipe).Fit(half)) ml.Model.SaveSafely(learned, half.Schema, path);

        // 3. The other half from scratch.
        var small = recipe with { Epochs = 40, BatchSize = 20, Schedule = Schedule.Cosine(), Optimizer = Optimizer.AdamW(0.003, weightDecay: 0.01) };
        using var scratch = Pipeline(small with { Epochs = 2 * small.Epochs }).Fit(few);   // as long as both steps below

        // 4. The weights of the file: the features frozen, so that only the output is learned; then all of them, in small steps.
        using var loaded = (TransformerChain<ITransformer>)ml.Model.Load(path, out _);
        var source = loaded.OfType<CnnTransformer>().Single().Model;
        string[] features = [.. source.Architecture.Summarize(source.ImageShape, others.Count).Layers.SkipLast(1).Where(layer => layer.Parameters > 0).Select(layer => layer.Path)];
        using var frozen = Pipeline(small with { StartFrom = StartFrom.MatchingWeights(source), Frozen = features }).Fit(few);
        using var tuned = Pipeline(small with { StartFrom = StartFrom.Model(frozen.LastTransformer.Model), Optimizer = Optimizer.AdamW(0.0003, weightDecay: 0.01) }).Fit(few);
        return (Accuracy(scratch), Accuracy(frozen), Accuracy(tuned));

        EstimatorChain<CnnTransformer> Pipeline(CnnTrainerOptions options) =>
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(options));

        double Accuracy(ITransformer model) => ml.MulticlassClassification.Evaluate(model.Transform(judged)).MicroAccuracy;
    }

    private static IDataView Rows(MLContext ml, IDataView view, Func<string, bool> wanted, int perClass)
    {
        var rows = ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false).Where(row => wanted(row.Label)).GroupBy(row => row.Label).SelectMany(rows => rows.Take(perClass));
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = view.Schema[nameof(Row.Features)].Type;
        return ml.Data.LoadFromEnumerable(rows.ToList(), schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
