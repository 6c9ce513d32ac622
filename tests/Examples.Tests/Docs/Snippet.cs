using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;

namespace Examples.Tests.Docs;

/// <summary>
/// What the snippets of README.md and docs/ run on, under the names that they use. Each snippet stands in a test, so it compiles and runs;
/// DocsTests compares the documents with the source.
/// </summary>
public abstract class Snippet
{
    private protected static MLContext ml { get; } = new(seed: 1);

    /// <summary>60 images of 1 x 8 x 8 in three classes, with keys.</summary>
    private protected static IDataView train { get; } = Some.Keyed(ml);

    private protected static IDataView test { get; } = Some.Keyed(ml, seed: 2);

    /// <summary>Trains in a moment, unless the snippet said how.</summary>
    private protected static CnnTransformer Fit(CnnTrainerOptions options, IDataView? data = null) =>
        ml.MulticlassClassification.Trainers.Cnn(options with { Threads = 1, Seed = 1 }).Fit(data ?? train);

    /// <summary>How the model of such options was trained, and that the weights are others than without them.</summary>
    private protected static TrainingHistory AssertMatters(CnnTrainerOptions options)
    {
        using var model = Fit(options);
        using var plain = Fit(new CnnTrainerOptions { Architecture = options.Architecture, Epochs = options.Epochs, BatchSize = options.BatchSize });
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(test)), Some.FlatScores(model.Transform(test)));
        return model.Model.History;
    }
}
