using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Scoring in bfloat16, which every processor can, though not fast: near float32 and apart from it, asked for and saved.</summary>
[TestClass]
public sealed class ScoringPrecisionTests
{
    private const double Digits = 0.02;   // some steps of bfloat16 below 1, of 1/256 each

    private static readonly CnnTrainerOptions Longer = Some.Options with { Epochs = 8 };

    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Networks =>
    [
        [Some.Network], [Some.AllLayers],
        [new CnnArchitecture(Layer.Conv(8, 3, bias: false), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2), Layer.Flatten(), Layer.Linear(16), Layer.BatchNorm(), Layer.Relu(), Layer.Output())],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void BFloat16_TrainedNetwork_GivesNearlyTheScoresOfFloat32(CnnArchitecture architecture)
    {
        using var full = Some.Trained(_ml, Longer with { Architecture = architecture });
        using var lower = full.With([ExtraColumn.Logits()], scoringPrecision: Precision.BFloat16);
        var (expected, actual) = (Some.Scores(full.Transform(Some.Images(_ml))), Some.Scores(lower.Transform(Some.Images(_ml))));
        CollectionAssert.AreNotEqual(expected.SelectMany(row => row).ToArray(), actual.SelectMany(row => row).ToArray());
        foreach (var (wanted, row) in expected.Zip(actual))
        {
            Assert.AreEqual(1, row.Sum(), 1e-6, "softmax is float32");
            for (int i = 0; i < row.Length; i++) Assert.AreEqual(wanted[i], row[i], Digits);
            if (wanted.Order().ElementAt(^1) - wanted.Order().ElementAt(^2) > 2 * Digits) Assert.AreEqual(Array.IndexOf(wanted, wanted.Max()), Array.IndexOf(row, row.Max()));
        }
    }

    [TestMethod]
    public void BFloat16_TrainedToKnowItsImages_PredictsTheSameLabels()
    {
        using var full = Some.Trained(_ml, Longer);
        using var lower = full.With(scoringPrecision: Precision.BFloat16);
        uint[] labels = [.. lower.Transform(Some.Images(_ml)).GetColumn<uint>("PredictedLabel")];
        CollectionAssert.AreEqual(full.Transform(Some.Images(_ml)).GetColumn<uint>("PredictedLabel").ToArray(), labels);
        Assert.AreEqual(3, labels.Distinct().Count());
    }

    [TestMethod]
    public void With_AnotherPrecision_LeavesTheOriginalAsItIs()
    {
        using var model = Some.Trained(_ml);
        var before = Some.FlatScores(model.Transform(Some.Images(_ml)));
        using var lower = model.With(scoringPrecision: Precision.BFloat16);
        using var same = lower.With(testTimeAugmentation: TestTimeAugmentation.None());
        using var back = lower.With(scoringPrecision: Precision.Full);
        Assert.AreEqual((Precision.Full, Precision.BFloat16, Precision.BFloat16, Precision.Full), (model.ScoringPrecision, lower.ScoringPrecision, same.ScoringPrecision, back.ScoringPrecision));
        CollectionAssert.AreEqual(Some.FlatScores(lower.Transform(Some.Images(_ml))), Some.FlatScores(same.Transform(Some.Images(_ml))));
        CollectionAssert.AreEqual(before, Some.FlatScores(model.Transform(Some.Images(_ml))));
        CollectionAssert.AreEqual(before, Some.FlatScores(back.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void BFloat16_LayersAndHeatMapsAskedFor_AreThoseOfFloat32()
    {
        using var full = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.Embedding(), ExtraColumn.GradCam()], TestTimeAugmentation = TestTimeAugmentation.Shifts() });
        using var lower = full.With(scoringPrecision: Precision.BFloat16);
        foreach (var column in new[] { "Embedding", "GradCam" })
            CollectionAssert.AreEqual(Some.FlatScores(full.Transform(Some.Images(_ml)), column), Some.FlatScores(lower.Transform(Some.Images(_ml)), column));
    }

    [TestMethod]
    public void PredictionEngine_BFloat16_GivesNearlyWhatTransformGives()
    {
        using var model = Some.Trained(_ml, Some.Options with { ScoringPrecision = Precision.BFloat16 });
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        var scored = Some.Scores(model.Transform(Some.Images(_ml)));
        foreach (var (i, row) in Some.Rows(6).Index())
            foreach (var (expected, actual) in scored[i].Zip(engine.Predict(row).Score)) Assert.AreEqual(expected, actual, Digits);
    }

    [TestMethod]
    public void Fit_ScoringPrecision_ChangesNoWeightAndNoValidation()
    {
        using var full = Some.Trained(_ml, Some.Options with { ValidationFraction = 0.2 });
        using var lower = Some.Trained(_ml, Some.Options with { ValidationFraction = 0.2, ScoringPrecision = Precision.BFloat16 });
        CollectionAssert.AreEqual(Weights.Of(full), Weights.Of(lower));
        Assert.AreEqual(full.Model.History.Epochs[^1].ValidationLoss, lower.Model.History.Epochs[^1].ValidationLoss);
    }

    [TestMethod]
    [DataRow(Precision.BFloat16, "\"scoringPrecision\":\"bFloat16\"")]
    [DataRow(Precision.Automatic, "\"scoringPrecision\":\"automatic\"")]
    public void Saved_PrecisionAskedFor_IsLoaded(Precision precision, string member)
    {
        using var model = Some.Trained(_ml, Some.Options with { ScoringPrecision = precision });
        var zip = ModelZip.Save(_ml, model);
        StringAssert.Contains(Encoding.Latin1.GetString(ModelZip.Envelope(zip)), member);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, zip);
        Assert.AreEqual(precision, loaded.Model.Content.Scoring.Precision);
        if (precision == Precision.BFloat16) CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), Some.FlatScores(loaded.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void Saved_DefaultPrecision_IsNotInTheFile()
    {
        using var model = Some.Trained(_ml);
        using var lower = model.With(scoringPrecision: Precision.BFloat16);
        using var back = lower.With(scoringPrecision: Precision.Full);
        var envelope = ModelZip.Envelope(ModelZip.Save(_ml, back));
        CollectionAssert.AreEqual(ModelZip.Envelope(ModelZip.Save(_ml, model)), envelope);
        Assert.DoesNotContain("scoringPrecision", Encoding.Latin1.GetString(envelope));
    }

    [TestMethod]
    public void Automatic_TrainedAndLoaded_TellsItsChoiceAndScoresWithIt()
    {
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add(entry.Message);
        using var model = Some.Trained(_ml, Some.Options with { ScoringPrecision = Precision.Automatic });
        Assert.AreNotEqual(Precision.Automatic, model.ScoringPrecision);
        AssertTold(model);
        using var asked = model.With(scoringPrecision: model.ScoringPrecision);
        CollectionAssert.AreEqual(Some.FlatScores(asked.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
        log.Clear();
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        AssertTold(loaded);

        void AssertTold(CnnTransformer chosen) => Assert.IsTrue(log.Any(line => line.Contains(
            $"Scoring precision: {(chosen.ScoringPrecision == Precision.Full ? "float32" : "bfloat16")}, because a batch of ", StringComparison.Ordinal)), string.Join('\n', log));
    }

    [TestMethod]
    public void Precision_ThatThereIsNot_IsAnError()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { ScoringPrecision = (Precision)7 })).Message, "ScoringPrecision is 7, which there is not.");
        using var model = Some.Trained(_ml);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.With(scoringPrecision: (Precision)7)).Message, "ScoringPrecision is 7, which there is not.");
    }

    [TestMethod]
    public void Automatic_ModuleThatFailsWhenTimed_LeavesTheSharedNetworkToItsOwner()
    {
        bool fails = false;
        CnnModules.Register("ScoringPrecisionTests.Fails", _ => new OwnNetworks.Does(x => fails ? throw new InvalidOperationException("not now") : x.tanh()));
        var architecture = new CnnArchitecture(Layer.Module("ScoringPrecisionTests.Fails"), Layer.Conv(2, 3), Layer.Flatten(), Layer.Output());
        var model = Some.Trained(_ml, Some.Options with { Architecture = architecture, Epochs = 1 });
        var network = model.Model.Network;
        fails = true;
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => model.With(scoringPrecision: Precision.Automatic)).Message, "not now");
        model.Dispose();
        Assert.IsTrue(network.Weights.Values.All(weight => weight.IsInvalid));
    }

    [TestMethod]
    public void BFloat16_MadeUsedAndDisposed_LeavesNoTensor()
    {
        Use();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        Use();
        Assert.AreEqual(before, Tensor.TotalCount);

        void Use()
        {
            using var model = Some.Trained(_ml, Some.Options with { Architecture = Some.AllLayers, ScoringPrecision = Precision.Automatic });
            using var lower = model.With(scoringPrecision: Precision.BFloat16);
            using var again = lower.With();
            _ = Some.FlatScores(again.Transform(Some.Images(_ml)));
        }
    }
}
