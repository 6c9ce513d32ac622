using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class CnnTrainerOptionsTests
{
    [TestMethod]
    public void Options_NothingSet_HaveTheDocumentedDefaults()
    {
        var options = new CnnTrainerOptions();
        Assert.AreEqual("Label", options.LabelColumnName);
        Assert.AreEqual("Features", options.FeatureColumnName);
        Assert.AreEqual("Score", options.ScoreColumnName);
        Assert.AreEqual("PredictedLabel", options.PredictedLabelColumnName);
        Assert.IsNull(options.ImageShape);
        Assert.AreSame(CnnArchitecture.Simple, options.Architecture);
        Assert.AreEqual(10, options.Epochs);
        Assert.AreEqual(64, options.BatchSize);
        Assert.AreEqual(Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8, 0), options.Optimizer);
        Assert.AreEqual(Schedule.Constant(), options.Schedule);
        Assert.IsNull(options.GradientClipping);
        Assert.IsTrue(options.Shuffle);
        Assert.AreEqual(0, options.ValidationFraction);
        Assert.IsNull(options.Seed);
        Assert.IsNull(options.Threads);
        Assert.IsNull(options.LoadingThreads);
        Assert.IsNull(options.Device);
        Assert.IsNull(options.OnBatchEnd);
        Assert.IsNull(options.OnEpochEnd);
        Assert.AreEqual(CancellationToken.None, options.CancellationToken);
        Assert.IsNull(options.NewCancellationToken);
        Assert.AreEqual(1, options.ReportEvery);
        Assert.AreEqual("Probability", options.ProbabilityColumnName);
        Assert.AreEqual(Head.Multiclass(), options.Head);
        Assert.IsNull(options.Loss);
        Assert.IsNull(options.ExampleWeightColumnName);
        Assert.IsFalse(options.Interleaved);
        Assert.IsNull(options.PixelScaling);
        Assert.IsNull(options.Augmentation);
        Assert.IsFalse(options.DropLastBatch);
        Assert.IsEmpty(options.ExtraColumns);
        Assert.AreEqual(TestTimeAugmentation.None(), options.TestTimeAugmentation);
    }

    [TestMethod]
    public void Trainer_EverythingOutOfRange_ReportsAllErrorsAtOnce()
    {
        var options = new CnnTrainerOptions
        {
            LabelColumnName = " ",
            ScoreColumnName = "Features",
            ImageShape = new ImageShape(1, 0, 28),
            Architecture = null!,
            Epochs = 0,
            BatchSize = -1,
            Optimizer = Optimizer.Adam(learningRate: 0, beta1: 1, beta2: -0.5, epsilon: 0, weightDecay: -2),
            ValidationFraction = 1,
            Threads = 0,
            LoadingThreads = 0,
        };
        AssertMessage(
            options,
            "LabelColumnName is empty.",
            "FeatureColumnName and ScoreColumnName are both 'Features'.",
            "ImageShape is 1 x 0 x 28; channels, height and width must be at least 1.",
            "Architecture is null.",
            "Epochs is 0; it must be at least 1.",
            "BatchSize is -1; it must be at least 1.",
            "Optimizer: the learning rate is 0; it must be greater than 0 and at most 1e6.",
            "Optimizer: the weight decay is -2; it must be at least 0 and at most 1e6.",
            "Optimizer: beta1 is 1; it must be at least 0 and less than 1.",
            "Optimizer: beta2 is -0.5; it must be at least 0 and less than 1.",
            "Optimizer: epsilon is 0; it must be at least 1e-37 and at most 1e6.",
            "ValidationFraction is 1; it must be at least 0 and less than 1.",
            "Threads is 0; it must be 1 to 256.",
            "LoadingThreads is 0; it must be 1 to 256.");
    }

    [TestMethod]
    public void Trainer_SgdOutOfRange_ReportsAllErrorsAtOnce() => AssertMessage(
        new CnnTrainerOptions { Optimizer = Optimizer.Sgd(double.NaN, momentum: 1), ValidationFraction = double.NaN },
        "Optimizer: the learning rate is NaN; it must be greater than 0 and at most 1e6.",
        "Optimizer: the momentum is 1; it must be at least 0 and less than 1.",
        "ValidationFraction is NaN; it must be at least 0 and less than 1.");

    [TestMethod]
    public void Trainer_NesterovWithoutMomentum_IsAnError() => AssertMessage(
        new CnnTrainerOptions { Optimizer = Optimizer.Sgd(0.1, nesterov: true) }, "Optimizer: Nesterov's look-ahead needs a momentum greater than 0.");

    [TestMethod]
    public void Trainer_EveryOptionAboveItsRange_ReportsAllErrorsAtOnce() => AssertMessage(
        new CnnTrainerOptions
        {
            LabelColumnName = "\ud800", Head = Head.Binary(), ProbabilityColumnName = "Score", ImageShape = new ImageShape(1, 1 << 20, 1 << 20),
            PixelScaling = PixelScaling.Fixed([0], [0]), Optimizer = Optimizer.Adam(3e38, epsilon: double.PositiveInfinity, weightDecay: 1e7) with
            {
                Groups =
                [
                    null!, new ParameterGroup { Path = "" }, new ParameterGroup { Path = "a", LearningRateFactor = -1 },
                    new ParameterGroup { Path = "b", LearningRateFactor = double.NaN }, new ParameterGroup { Path = "c", WeightDecay = -0.5 },
                ],
            },
            Threads = 5000, LoadingThreads = 257, ReportEvery = 0,
        },
        "LabelColumnName is not valid UTF-16 text (half of a surrogate pair).",
        "ScoreColumnName and ProbabilityColumnName are both 'Score'.",
        "ImageShape is " + new ImageShape(1, 1 << 20, 1 << 20).Error + ".",
        "PixelScaling has a deviation that is not greater than 0.",
        "Optimizer: the learning rate is 3E+38; it must be greater than 0 and at most 1e6.",
        "Optimizer: the weight decay is 10000000; it must be at least 0 and at most 1e6.",
        "Optimizer: a parameter group has no path.",
        "Optimizer: a parameter group has no path.",
        "Optimizer: the learning rate factor of 'a' is -1; it must be at least 0 and at most 1e6.",
        "Optimizer: the learning rate factor of 'b' is NaN; it must be at least 0 and at most 1e6.",
        "Optimizer: the weight decay of 'c' is -0.5; it must be at least 0 and at most 1e6.",
        "Optimizer: epsilon is Infinity; it must be at least 1e-37 and at most 1e6.",
        "Threads is 5000; it must be 1 to 256.",
        "LoadingThreads is 257; it must be 1 to 256.",
        "ReportEvery is 0; it must be at least 1.");

    [TestMethod]
    public void Trainer_NoHead_IsAnError() => AssertMessage(new CnnTrainerOptions { Head = null! }, "Head is null.");

    [TestMethod]
    public void Trainer_ProbabilityColumnOfAMulticlassTrainer_IsNotLookedAt() => _ = new CnnTrainer(Some.Context(), new CnnTrainerOptions { ProbabilityColumnName = "" });

    [EachCulture]
    public void Trainer_Settings_AreWrittenTheSameInEveryLanguage() => AssertMessage(
        new CnnTrainerOptions { Optimizer = Optimizer.Adam(beta1: 1.5), ValidationFraction = 1.5 },
        "Optimizer: beta1 is 1.5; it must be at least 0 and less than 1.", "ValidationFraction is 1.5; it must be at least 0 and less than 1.");

    /// <summary>The extremes that are allowed can be used and saved.</summary>
    [TestMethod]
    public void Trainer_LargestSettings_TrainAndSave()
    {
        var ml = Some.Context();
        foreach (var optimizer in new[]
        {
            Optimizer.Adam(1e6, epsilon: 1e6), Optimizer.Adam(1e-3, 0, 0, 1e-37), Optimizer.Sgd(1e-9, 0.999999, weightDecay: 1e6), Optimizer.AdamW(1e-6, weightDecay: 1e6),
            Optimizer.Adamax(1e-3, 0, 0, 1e-37), Optimizer.NAdam(1e-3, 0, 0, 1e-37, 0, 1e6), Optimizer.RAdam(1e-3, 0, 0, 1e-37), Optimizer.RmsProp(1e-3, 0, 1e-37, 0.999999),
            Optimizer.Adagrad(1e6, 1e6, 1e6, 1e6), Optimizer.Adadelta(1, 0, 1e-37), Optimizer.Adadelta(1, 0.999999, 1e6),
        })
        {
            var schedule = (optimizer as MomentOptimizer)?.Epsilon == 1e-37 ? Schedule.OneCycle(1, 1e9, 1e9) : Schedule.Constant();
            using var model = Some.Trained(ml, Some.Options with { Optimizer = optimizer, Schedule = schedule, GradientClipping = GradientClipping.ByNorm(1e6), Epochs = 1, BatchSize = 60 });
            using var loaded = (CnnTransformer)ModelZip.Load(ml, ModelZip.Save(ml, model));
            Assert.AreEqual(optimizer, loaded.Model.History.Optimizer);
        }
    }

    [TestMethod]
    public void Trainer_NoOptimizer_IsAnError() =>
        AssertMessage(new CnnTrainerOptions { Optimizer = null! }, "Optimizer is null.");

    [TestMethod]
    public void Trainer_InfiniteSettings_AreErrors() => AssertMessage(
        new CnnTrainerOptions { Optimizer = Optimizer.Sgd(double.PositiveInfinity, weightDecay: double.PositiveInfinity) },
        "Optimizer: the learning rate is Infinity; it must be greater than 0 and at most 1e6.",
        "Optimizer: the weight decay is Infinity; it must be at least 0 and at most 1e6.");

    [TestMethod]
    public void Trainer_NoEnvironment_Throws() => Assert.ThrowsExactly<ArgumentNullException>(() => new CnnTrainer(null!));

    [TestMethod]
    public void Fit_Options_AreLeftAsTheyWere()
    {
        var ml = Some.Context();
        var options = Some.Options with { ValidationFraction = 0.2, OnEpochEnd = _ => { } };
        var before = options with { };
        using var model = Some.Trained(ml, options);
        Assert.AreEqual(before, options);
        Assert.AreSame(before.Architecture, options.Architecture);
    }

    [TestMethod]
    public void ComputeDevice_NegativeIndex_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ComputeDevice.Cuda(-1));

    [TestMethod]
    public void ComputeDevice_Text_IsTorchs()
    {
        Assert.AreEqual("cpu", ComputeDevice.Cpu.ToString());
        Assert.AreEqual("cuda:1", ComputeDevice.Cuda(1).ToString());
    }

    private static void AssertMessage(CnnTrainerOptions options, params string[] errors)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(new MLContext(1), options));
        Assert.AreEqual("options", error.ParamName);
        var list = string.Concat(errors.Select(text => Environment.NewLine + "- " + text));
        Assert.AreEqual($"These options of the CnnTrainer are not valid:{list} (Parameter 'options')", error.Message);
    }
}
