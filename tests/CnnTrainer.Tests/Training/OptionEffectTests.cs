using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnMlNet.Tests.Training;

/// <summary>Each option changes what it says. (Interleaved and PixelScaling: see the tests of images; ReportEvery and callbacks: ReportTests.)</summary>
[TestClass]
public sealed class OptionEffectTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Columns_OtherNames_AreReadAndWritten()
    {
        var data = _ml.Transforms.CopyColumns("Class", "Label").Append(_ml.Transforms.CopyColumns("Pixels", "Features"))
            .Append(_ml.Transforms.SelectColumns("Class", "Pixels")).Fit(Some.Keyed(_ml)).Transform(Some.Keyed(_ml));
        var names = Some.Options with { LabelColumnName = "Class", FeatureColumnName = "Pixels", ScoreColumnName = "Chances", PredictedLabelColumnName = "Guess" };
        using var model = new CnnTrainer(_ml, names).Fit(data);
        Assert.AreEqual("Class Pixels Chances Guess", string.Join(' ', model.Transform(data).Schema.Select(column => column.Name)));
        Assert.AreEqual("Pixels Chances Guess", $"{model.FeatureColumnName} {model.ScoreColumnName} {model.PredictedLabelColumnName}");

        using var binary = new CnnTrainer(_ml, Some.Options with { Head = Head.Binary(), ProbabilityColumnName = "Chance" }).Fit(YesOrNo.Images(_ml));
        Assert.IsNotNull(binary.Transform(YesOrNo.Images(_ml)).Schema.GetColumnOrNull("Chance"));
        Assert.AreEqual("Chance", binary.ProbabilityColumnName);
    }

    [TestMethod]
    public void ImageShape_OfAPlainVector_IsTheOneTold()
    {
        var schema = Some.Definition<ImageRow>();
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        var plain = Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(Some.Rows().ToList(), schema));
        using var square = new CnnTrainer(_ml, Some.Options with { ImageShape = new(1, 8, 8) }).Fit(plain);
        using var wide = new CnnTrainer(_ml, Some.Options with { ImageShape = new(1, 4, 16) }).Fit(plain);
        Assert.AreEqual((new ImageShape(1, 8, 8), new ImageShape(1, 4, 16)), (square.Model.ImageShape, wide.Model.ImageShape));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(plain));
        StringAssert.Contains(error.Message, "ImageShape");
    }

    [TestMethod]
    public void Architecture_Epochs_BatchSize_Optimizer_Shuffle_Seed_ChangeTheWeights()
    {
        var first = Scores(Some.Options);
        foreach (var other in new[]
        {
            Some.Options with { Architecture = new CnnArchitecture(Layer.Flatten(), Layer.Output()) }, Some.Options with { Epochs = 4 }, Some.Options with { BatchSize = 15 },
            Some.Options with { Optimizer = Optimizer.Adam(0.011) }, Some.Options with { Optimizer = Optimizer.Adam(0.01, beta1: 0.8) },
            Some.Options with { Optimizer = Optimizer.Adam(0.01, beta2: 0.9) }, Some.Options with { Optimizer = Optimizer.Adam(0.01, epsilon: 0.1) },
            Some.Options with { Optimizer = Optimizer.Adam(0.01, weightDecay: 0.1) }, Some.Options with { Optimizer = Optimizer.Sgd(0.01) },
            Some.Options with { Shuffle = false }, Some.Options with { Seed = 8 }, Some.Options with { ValidationFraction = 0.1 },
        })
        {
            CollectionAssert.AreNotEqual(first, Scores(other), other.ToString());
        }

        CollectionAssert.AreEqual(first, Scores(Some.Options with { ReportEvery = 3, OnBatchEnd = _ => { }, Device = ComputeDevice.Cpu, NewCancellationToken = () => default }));
    }

    [TestMethod]
    public void Device_ThatIsNotThere_IsAnError()
    {
        if (torch.cuda.is_available()) Assert.Inconclusive("there is a GPU");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Some.Options with { Device = ComputeDevice.Cuda(3) }));
        StringAssert.Contains(error.Message, "GPU 3 was asked for, but LibTorch sees 0 CUDA devices.");
    }

    [TestMethod]
    public void Threads_OtherNumbers_AreUsed()
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using var model = Some.Trained(_ml, Some.Options with { Threads = threads });
            Assert.AreEqual(threads, model.Model.History.Threads);
        }
    }

    /// <summary>Validation has no step to keep small: its batches are as large as memory likes, however few rows a step learns from.</summary>
    [TestMethod]
    public void Validation_OfStochasticTraining_RunsInLargeBatchesOfItsOwn()
    {
        var calls = new List<(int Rows, bool Training)>();
        CnnModules.Register("OptionEffectTests.Counts", _ => new OwnNetworks.Counts((rows, training) => calls.Add((rows, training))));
        var architecture = new CnnArchitecture(Layer.Module("OptionEffectTests.Counts"), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = architecture, BatchSize = 1, Epochs = 1 }).Fit(Some.Keyed(_ml), Some.Keyed(_ml, rows: 300));
        Assert.HasCount(60, calls.Where(call => call is (1, true)));
        var validation = calls.Where(call => call is (> 2, false)).Select(call => call.Rows).ToArray();
        Assert.AreEqual(300, validation.Sum());
        Assert.IsLessThan(6, validation.Length, "as large as memory likes, not one by one");
        Assert.IsFalse(calls.Any(call => call is (> 1, true)));
    }

    [TestMethod]
    public void Validation_BatchNorm_DoesNotDependOnItsBatches()
    {
        var validation = Some.Keyed(_ml, rows: 300, seed: 4);
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = Some.AllLayers, BatchSize = 20 }).Fit(Some.Keyed(_ml), validation);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(validation));
        Assert.AreEqual(metrics.LogLoss, model.Model.History.Epochs[^1].ValidationLoss!.Value, 1e-4);
        Assert.AreEqual(metrics.MicroAccuracy, model.Model.History.Epochs[^1].ValidationAccuracy!.Value, 1e-9);
    }

    private float[] Scores(CnnTrainerOptions options)
    {
        using var model = Some.Trained(_ml, options);
        return Some.FlatScores(model.Transform(Some.Images(_ml)));
    }
}
