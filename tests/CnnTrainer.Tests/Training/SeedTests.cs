using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Tests.Training;

/// <summary>The same seed gives the same bits; the saved bytes hold every weight.</summary>
[TestClass]
public sealed class SeedTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Architecture = Some.AllLayers, ValidationFraction = 0.2 };

    [TestMethod]
    public void Fit_SameSeed_GivesTheSameBytes() => CollectionAssert.AreEqual(Train(Some.Context(1), Options), Train(Some.Context(2), Options));

    [TestMethod]
    public void Fit_OtherSeed_GivesOtherWeights()
    {
        using var one = Some.Trained(Some.Context(), Options);
        using var other = Some.Trained(Some.Context(), Options with { Seed = 8 });
        var images = Some.Images(Some.Context());
        CollectionAssert.AreNotEqual(Some.FlatScores(one.Transform(images)), Some.FlatScores(other.Transform(images)));
    }

    [TestMethod]
    public void Fit_SeedOfTheContext_IsUsed()
    {
        var options = Options with { Seed = null };
        var bytes = Train(Some.Context(11), options);
        CollectionAssert.AreEqual(bytes, Train(Some.Context(11), options));
        CollectionAssert.AreEqual(bytes, Train(Some.Context(1), Options with { Seed = 11 }));
        CollectionAssert.AreNotEqual(bytes, Train(Some.Context(12), options));
    }

    [TestMethod]
    public void Fit_NoSeedAnywhere_TellsTheOneThatWasDrawn()
    {
        var ml = new MLContext();
        using var model = Some.Trained(ml, Options with { Seed = null });
        var drawn = model.Model.History.Seed;
        CollectionAssert.AreEqual(ModelZip.Trained(ModelZip.Save(ml, model)), Train(Some.Context(), Options with { Seed = drawn }));
    }

    [TestMethod]
    public void Fit_SameTrainerTwice_GivesTheSameBytes()
    {
        var ml = Some.Context();
        var trainer = new CnnTrainer(ml, Options);
        using var first = trainer.Fit(Some.Keyed(ml));
        using var second = trainer.Fit(Some.Keyed(ml));
        CollectionAssert.AreEqual(ModelZip.Trained(ModelZip.Save(ml, first)), ModelZip.Trained(ModelZip.Save(ml, second)));
    }

    [TestMethod]
    public void Fit_GeneratorUsedBefore_ChangesNothing()
    {
        var expected = Train(Some.Context(), Options);
        torch.manual_seed(99);
        torch.rand(1000).Dispose();
        CollectionAssert.AreEqual(expected, Train(Some.Context(), Options));
    }

    [TestMethod]
    public void Fit_EveryProcessor_GivesTheSameBytesTwice() =>
        CollectionAssert.AreEqual(Train(Some.Context(), Options with { Threads = null }), Train(Some.Context(), Options with { Threads = null }));

    [TestMethod]
    public void Fit_WithoutShuffle_GoesThroughTheRowsInOrder()
    {
        List<double> inOrder = [], shuffled = [];
        using var one = Some.Trained(Some.Context(), Some.Options with { Shuffle = false, OnBatchEnd = report => inOrder.Add(report.Loss) });
        using var other = Some.Trained(Some.Context(), Some.Options with { Shuffle = true, OnBatchEnd = report => shuffled.Add(report.Loss) });
        Assert.AreNotEqual(inOrder[0], shuffled[0]);
        using var first = new CnnTrainer(Some.Context(), Some.Options with { Shuffle = false, Epochs = 1, OnBatchEnd = report => shuffled.Add(report.Loss) })
            .Fit(Some.Context().Data.TakeRows(Some.Keyed(Some.Context()), Some.Options.BatchSize));
        Assert.AreEqual(inOrder[0], shuffled[^1], "the first batch is the first rows");
    }

    [TestMethod]
    public void Score_Model_LeavesTheGeneratorAlone()
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, Options);
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);
        Some.Scores(model.Transform(Some.Images(ml)));
        using var actual = torch.rand(4);
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    private static byte[] Train(MLContext ml, CnnTrainerOptions options)
    {
        using var model = Some.Trained(ml, options);
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }
}
