using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>Training that begins with another model's weights, and weights that stay as they are.</summary>
[TestClass]
public sealed class TransferTests
{
    private static readonly CnnArchitecture Normalised = new(
        Layer.Sequence(Layer.Conv(4, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2)).Named("features"),
        Layer.Flatten(), Layer.Output().Named("head"));

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void StartFrom_Model_GoesOnWithItsWeights()
    {
        using var first = Some.Trained(_ml, Some.Options with { Epochs = 8 });
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, first));
        using var next = Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.Model(loaded.Model), Epochs = 1 });
        Assert.IsTrue(next.Model.History.BatchLosses[0] < first.Model.History.BatchLosses[0] / 2, "it has learned before");
        Assert.HasCount(4, next.Model.History.Transfer!.Taken);
        Assert.IsEmpty(next.Model.History.Transfer.Fresh);
        using var source = Some.Trained(_ml, Some.Options with { Epochs = 8 });
        CollectionAssert.AreEqual(Weights.Of(source), Weights.Of(first), "the model that was begun with is as it was");
    }

    [TestMethod]
    public void StartFrom_Model_KeepsItsPixelScaling()
    {
        using var first = Some.Trained(_ml, Some.Options with { PixelScaling = PixelScaling.Standard() });
        using var next = new CnnTrainer(_ml, Some.Options with { StartFrom = StartFrom.Model(first.Model) }).Fit(Some.Keyed(_ml, rows: 30, seed: 9));
        Assert.AreEqual(first.Model.Content.Transform, next.Model.Content.Transform);
    }

    [TestMethod]
    public void StartFrom_ModelOfAnotherKind_IsAnErrorThatSaysWhat()
    {
        using var first = Some.Trained(_ml);
        var start = Some.Options with { StartFrom = StartFrom.Model(first.Model) };
        foreach (var (fit, words) in new (Action, string)[]
        {
            (() => Some.Trained(_ml, start with { Architecture = Some.AllLayers }), "other layers"),
            (() => new CnnTrainer(_ml, start).Fit(Some.Keyed(_ml, classes: 2)), "other classes"),
            (() => new CnnTrainer(_ml, start).Fit(Some.Keyed(_ml, shape: new(1, 10, 10))), "other images"),
        })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(fit);
            StringAssert.Contains(error.Message, words);
            StringAssert.Contains(error.Message, "MatchingWeights");
        }
    }

    [TestMethod]
    public void StartFrom_MatchingWeights_TakesWhatFitsAndReportsTheRest()
    {
        using var first = Some.Trained(_ml, Some.Options with { Architecture = Normalised });
        var options = Some.Options with { Architecture = Normalised, StartFrom = StartFrom.MatchingWeights(first.Model), Frozen = ["features"], Epochs = 2 };
        using var next = new CnnTrainer(_ml, options).Fit(Some.Keyed(_ml, classes: 2));
        var report = next.Model.History.Transfer!;
        CollectionAssert.AreEqual(new[] { "head.weight", "head.bias" }, report.Fresh.ToArray());
        CollectionAssert.AreEqual(new[] { "head.weight", "head.bias" }, report.Unused.ToArray());
        Assert.HasCount(7, report.Taken);
        foreach (var path in new[] { "features.0.weight", "features.1.bias", "features.1.running_mean", "features.1.running_var" })
            CollectionAssert.AreEqual(Weights.Of(first, path), Weights.Of(next, path), path);
        CollectionAssert.AreNotEqual(Weights.Of(first, "head.bias"), Weights.Of(next, "head.bias"));
        using var again = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, next));
        Assert.AreEqual(report, again.Model.History.Transfer);
    }

    [TestMethod]
    public void StartFrom_MatchingWeightsOfOtherClasses_DrawsTheOutputAnew()
    {
        using var first = Some.Trained(_ml);
        var other = Some.WithKeys(_ml, Some.View(_ml, Some.Rows().Select(row => new ImageRow { Features = row.Features, Label = "x" + row.Label }).ToList()));
        using var next = new CnnTrainer(_ml, Some.Options with { StartFrom = StartFrom.MatchingWeights(first.Model) }).Fit(other);
        CollectionAssert.AreEqual(new[] { "4.weight", "4.bias" }, next.Model.History.Transfer!.Fresh.ToArray());
    }

    [TestMethod]
    public void StartFrom_NothingFits_IsAnError()
    {
        using var first = Some.Trained(_ml);
        var error = Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { Architecture = Normalised, StartFrom = StartFrom.MatchingWeights(first.Model) }));
        StringAssert.Contains(error.Message, "no weight fits");
        first.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.MatchingWeights(first.Model) }));
    }

    [TestMethod]
    public void Frozen_Layers_KeepTheirFirstWeightsAndStatistics()
    {
        var options = Some.Options with { Architecture = Normalised };
        using var first = Some.Trained(_ml, options with { Epochs = 1, Optimizer = Optimizer.Adam(1e-30), Frozen = ["features"] });
        using var model = Some.Trained(_ml, options with { Frozen = ["features"] });
        foreach (var path in new[] { "features.0.weight", "features.1.weight", "features.1.running_mean", "features.1.running_var" })
            CollectionAssert.AreEqual(Weights.Of(first, path), Weights.Of(model, path), path);
        CollectionAssert.AreEqual(new[] { 0f, 0, 0, 0 }, Weights.Of(model, "features.1.running_mean"));
        CollectionAssert.AreNotEqual(Weights.Of(first, "head.weight"), Weights.Of(model, "head.weight"));
    }

    [TestMethod]
    public void Frozen_PathThatFitsNothingOrAll_IsAnError()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { Frozen = ["conv"] })).Message, "There are: 0.weight");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { Frozen = ["0", "4"] })).Message, "leaves no weight");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { Frozen = [""] })).Message, "Frozen");
    }
}
