using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class PrecisionTests
{
    private static readonly CnnTrainerOptions Deep = Some.Options with { Architecture = Some.AllLayers, Epochs = 4 };

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void BFloat16_Training_LearnsNearlyWhatFloat32Learns()
    {
        using var full = Some.Trained(_ml, Some.Options with { Epochs = 6 });
        using var lower = Some.Trained(_ml, Some.Options with { Epochs = 6, Precision = Precision.BFloat16 });
        Assert.AreEqual((Precision.Full, Precision.BFloat16), (full.Model.History.Precision, lower.Model.History.Precision));
        CollectionAssert.AreNotEqual(Weights.Of(full), Weights.Of(lower));
        foreach (var (expected, actual) in full.Model.History.BatchLosses.Zip(lower.Model.History.BatchLosses)) Assert.AreEqual(expected, actual, 0.02);
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(lower.Transform(Some.Keyed(_ml))).MicroAccuracy);
    }

    [TestMethod]
    public void BFloat16_ValidationAndScoring_AreFloat32()
    {
        // Nothing moves, so both have the first weights.
        var options = Some.Options with { ValidationFraction = 0.2, Optimizer = Optimizer.Adam(1e-30), Epochs = 1 };
        using var lower = Some.Trained(_ml, options with { Precision = Precision.BFloat16 });
        using var full = Some.Trained(_ml, options);
        CollectionAssert.AreEqual(Weights.Of(full), Weights.Of(lower));
        Assert.AreNotEqual(full.Model.History.Epochs[0].Loss, lower.Model.History.Epochs[0].Loss);
        Assert.AreEqual(full.Model.History.Epochs[0].ValidationLoss, lower.Model.History.Epochs[0].ValidationLoss);
        CollectionAssert.AreEqual(Some.FlatScores(full.Transform(Some.Images(_ml))), Some.FlatScores(lower.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void BFloat16_SameSeed_GivesTheSameBitsAndResumes()
    {
        using var folder = new TempFolder();
        var options = Deep with { Precision = Precision.BFloat16 };
        using var once = Some.Trained(_ml, options);
        using var twice = Some.Trained(_ml, options);
        CollectionAssert.AreEqual(Weights.Of(once), Weights.Of(twice));
        Some.Trained(_ml, options with { Epochs = 2, Checkpoints = Checkpoints.In(folder.File("run")) }).Dispose();
        using var resumed = Some.Trained(_ml, options with { Checkpoints = Checkpoints.In(folder.File("run")) });
        CollectionAssert.AreEqual(Weights.Of(once), Weights.Of(resumed));
    }

    [TestMethod]
    public void BFloat16_ModelOfIt_IsSavedAndLoaded()
    {
        using var model = Some.Trained(_ml, Deep with { Precision = Precision.BFloat16 });
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        Assert.AreEqual(model.Model.History, loaded.Model.History);
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), Some.FlatScores(loaded.Transform(Some.Images(_ml))));
        StringAssert.Contains(model.Model.History.ToString(), "cpu in bfloat16");
    }

    [TestMethod]
    public void Automatic_Choice_IsToldAndGivesTheWeightsOfWhatItChose()
    {
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add(entry.Message);
        using var chosen = Some.Trained(_ml, Deep with { Precision = Precision.Automatic });
        var precision = chosen.Model.History.Precision;
        Assert.AreNotEqual(Precision.Automatic, precision);
        Assert.IsTrue(log.Any(line => line.Contains($"Precision: {(precision == Precision.Full ? "float32" : "bfloat16")}, because a batch of 16 takes", StringComparison.Ordinal)), string.Join('\n', log));
        using var asked = Some.Trained(_ml, Deep with { Precision = precision });
        CollectionAssert.AreEqual(Weights.Of(asked), Weights.Of(chosen), "the measurement leaves no trace");
    }

    [TestMethod]
    public void Automatic_Resumed_KeepsTheChoiceOfTheCheckpoint()
    {
        foreach (var precision in new[] { Precision.Full, Precision.BFloat16 })
        {
            using var folder = new TempFolder();
            var options = Deep with { Checkpoints = Checkpoints.In(folder.File("run")) };
            Some.Trained(_ml, options with { Epochs = 2, Precision = precision }).Dispose();
            using var resumed = Some.Trained(_ml, options with { Precision = Precision.Automatic });
            Assert.AreEqual(precision, resumed.Model.History.Precision);
            Assert.HasCount(4, resumed.Model.History.Epochs);
        }
    }

    [TestMethod]
    public void Precision_ThatThereIsNot_IsAnError() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { Precision = (Precision)7 })).Message, "Precision is 7");
}
