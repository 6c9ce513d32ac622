using Microsoft.ML;

namespace CnnMlNet.Tests.Training.Schedules;

/// <summary>Schedules and clipping as options of a trainer: what they change, what of them is kept, and which are refused.</summary>
[TestClass]
public sealed class ScheduleOptionTests
{
    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Schedules =>
    [
        [Schedule.Constant().WithWarmUp(0.5), "warm-up of 0.5 epochs from 0.01 of the rate, then constant"],
        [Schedule.Step(1), "times 0.1 every 1 epochs"], [Schedule.Exponential(0.5), "times 0.5 every epoch"],
        [Schedule.Cosine(), "cosine to 0 of the rate"], [Schedule.Cosine(0.25, perEpoch: true), "cosine to 0.25 of the rate, epoch by epoch"],
        [Schedule.OneCycle(), "one cycle from 1/25 of the rate, momentum 0.95 to 0.85"], [Schedule.OneCycle(cycleMomentum: false), "one cycle from 1/25 of the rate"],
        [Schedule.ReduceOnPlateau(0.5, 0, 0.9), "times 0.5 after 0 epochs without a better loss"],
    ];

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void Schedule_OfATrainer_ChangesTheWeightsAndStandsInTheHistoryOfTheFile(Schedule schedule, string text)
    {
        using var model = Some.Trained(_ml, Some.Options with { Schedule = schedule });
        using var constant = Some.Trained(_ml);
        CollectionAssert.AreNotEqual(Some.FlatScores(constant.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        Assert.AreEqual(schedule, loaded.Model.History.Schedule);
        Assert.AreEqual(model.Model.History, loaded.Model.History);
        StringAssert.Contains(loaded.Model.History.ToString(), $"learning rate 0.01, schedule {text}, seed 7");
    }

    [TestMethod]
    public void History_RatesOfEpochs_AreThoseOfTheirLastSteps()
    {
        using var model = Some.Trained(_ml, Some.Options with { Schedule = Schedule.Cosine() });   // 4 steps an epoch
        var expected = new[] { 3, 7, 11 }.Select(step => 0.01 * (1 + Math.Cos(Math.PI * step / 12)) / 2).ToArray();
        var actual = model.Model.History.Epochs.Select(epoch => epoch.LearningRate).ToArray();
        for (int epoch = 0; epoch < 3; epoch++) Assert.AreEqual(expected[epoch], actual[epoch], 1e-15);
        using var constant = Some.Trained(_ml);
        Assert.IsTrue(constant.Model.History.Epochs.All(epoch => epoch.LearningRate == 0.01));
        Assert.IsNull(constant.Model.History.Schedule);
    }

    /// <summary>Random labels are learned, but never validated: what is watched is the validation loss where there is one.</summary>
    [TestMethod]
    public void ReduceOnPlateau_LossThatFallsInTrainingOnly_WatchesValidation()
    {
        var random = new Random(3);
        IDataView Noise() => Some.WithKeys(_ml, Some.View(_ml, Some.Rows().Select((row, i) => i < 3 ? row : new ImageRow
        {
            Features = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())], Label = "c" + random.Next(3),
        }).ToList()));
        var (training, validation) = (Noise(), Noise());
        var options = Some.Options with { Epochs = 12, Optimizer = Optimizer.Adam(0.02), Schedule = Schedule.ReduceOnPlateau(0.5, 1) };
        using var watched = new CnnTrainer(_ml, options).Fit(training, validation);
        using var alone = new CnnTrainer(_ml, options).Fit(training);
        var rates = watched.Model.History.Epochs.Select(epoch => epoch.LearningRate).ToArray();
        Assert.IsLessThan(0.02, rates[^1]);
        Assert.AreEqual(0.02, rates[0], "the first epoch is before any change");
        Assert.AreNotEqual(rates[^1], alone.Model.History.Epochs[^1].LearningRate, "the training loss falls more often");
    }

    [TestMethod]
    public void GradientClipping_OfATrainer_ChangesTheWeightsAndStandsInTheHistoryOfTheFile()
    {
        using var free = Some.Trained(_ml, Some.Options with { Optimizer = Optimizer.Sgd(0.1) });
        foreach (var (clipping, text) in new[] { (GradientClipping.ByNorm(0.01), "gradients clipped to norm 0.01"), (GradientClipping.ByValue(1e-3), "gradients clipped to values of 0.001") })
        {
            using var model = Some.Trained(_ml, Some.Options with { Optimizer = Optimizer.Sgd(0.1), GradientClipping = clipping });
            CollectionAssert.AreNotEqual(Some.FlatScores(free.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(Some.Images(_ml))));
            using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
            Assert.AreEqual(clipping, loaded.Model.History.GradientClipping);
            StringAssert.Contains(loaded.Model.History.ToString(), text);
        }
    }

    [TestMethod]
    public void Optimizer_OfEachKind_TrainsAndStandsInTheHistoryOfTheFile()
    {
        foreach (var optimizer in new[]
        {
            Optimizer.AdamW(0.01) with { SparesBiasesAndNorms = true }, Optimizer.Adamax(0.01), Optimizer.NAdam(0.01, momentumDecay: 0.1), Optimizer.RAdam(0.03),
            Optimizer.RmsProp(0.01, momentum: 0.5, centered: true), Optimizer.Adagrad(0.05, 0.01, 0.1), Optimizer.Adadelta(1, 0.8),
        })
        {
            using var model = Some.Trained(_ml, Some.Options with { Optimizer = optimizer, Epochs = 10 });
            var history = model.Model.History;
            Assert.IsLessThan(0.8 * history.Epochs[0].Loss, history.Epochs[^1].Loss, optimizer.ToString());
            using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
            Assert.AreEqual(optimizer, loaded.Model.History.Optimizer);
        }
    }

    [EachCulture]
    public void Trainer_SettingsOutOfRange_ReportsAllErrorsAtOnce()
    {
        AssertErrors(Some.Options with { Schedule = null!, GradientClipping = GradientClipping.ByNorm(0) },
            "Schedule is null.", "GradientClipping: the largest norm is 0; it must be greater than 0 and at most 1e6.");
        AssertErrors(Some.Options with { Schedule = Schedule.Step(0, 1.5).WithWarmUp(3, 0), GradientClipping = GradientClipping.ByValue(double.NaN) },
            "Schedule: the factor is 1.5; it must be greater than 0 and at most 1.", "Schedule: the rate changes every 0 epochs; it must be at least 1.",
            "Schedule: the warm-up takes 3 epochs; it must be less than all 3.", "Schedule: the warm-up begins at 0 of the rate; it must be greater than 0 and at most 1.",
            "GradientClipping: the largest value is NaN; it must be greater than 0 and at most 1e6.");
        AssertErrors(Some.Options with { Schedule = Schedule.Exponential(0).WithWarmUp(double.NaN) },
            "Schedule: the factor is 0; it must be greater than 0 and at most 1.", "Schedule: the warm-up takes NaN epochs; it must be more than 0.");
        AssertErrors(Some.Options with { Schedule = Schedule.Cosine(1.1) }, "Schedule: the cosine ends at 1.1 of the rate; it must be at least 0 and at most 1.");
        AssertErrors(
            Some.Options with { Optimizer = Optimizer.Adadelta(), Schedule = Schedule.OneCycle(2, 0.5, double.NaN, true, -0.5, 1) },
            "Schedule: the rate rises in 2 of the steps; it must be at least 0 and at most 1.",
            "Schedule: the first rate of the cycle is divided by 0.5; it must be at least 1 and at most 1e9.",
            "Schedule: the last rate of the cycle is divided by NaN; it must be at least 1 and at most 1e9.",
            "Schedule: the base momentum is -0.5; it must be at least 0 and less than 1.", "Schedule: the largest momentum is 1; it must be at least 0 and less than 1.",
            "Schedule: the momentum is to change, but the optimizer has none (Adadelta, learning rate 1): set CycleMomentum to false.");
        AssertErrors(Some.Options with { Schedule = Schedule.ReduceOnPlateau(1, -1, 1, -2, double.PositiveInfinity) },
            "Schedule: the factor is 1; it must be greater than 0 and less than 1.", "Schedule: the patience is -1 epochs; it must be at least 0.",
            "Schedule: the threshold is 1; it must be at least 0 and less than 1.", "Schedule: the cooldown is -2 epochs; it must be at least 0.",
            $"Schedule: the minimum rate is {double.PositiveInfinity.ToString(System.Globalization.CultureInfo.InvariantCulture)}; it must be at least 0 and at most 1e6.");
    }

    [EachCulture]
    public void Trainer_OptimizersOutOfRange_ReportAllErrorsAtOnce()
    {
        AssertErrors(Some.Options with { Optimizer = Optimizer.AdamW(beta1: 1, beta2: 1, epsilon: 0) },
            "Optimizer: beta1 is 1; it must be at least 0 and less than 1.", "Optimizer: beta2 is 1; it must be at least 0 and less than 1.",
            "Optimizer: epsilon is 0; it must be at least 1e-37 and at most 1e6.");
        AssertErrors(Some.Options with { Optimizer = Optimizer.NAdam(momentumDecay: -0.5) }, "Optimizer: the momentum decay is -0.5; it must be at least 0 and at most 1e6.");
        AssertErrors(Some.Options with { Optimizer = Optimizer.RmsProp(0, 1.5, 0, 1) },
            "Optimizer: the learning rate is 0; it must be greater than 0 and at most 1e6.", "Optimizer: alpha is 1.5; it must be at least 0 and less than 1.",
            "Optimizer: epsilon is 0; it must be at least 1e-37 and at most 1e6.", "Optimizer: the momentum is 1; it must be at least 0 and less than 1.");
        AssertErrors(Some.Options with { Optimizer = Optimizer.Adagrad(0.1, -1, double.NaN, 0) },
            "Optimizer: the rate decay is -1; it must be at least 0 and at most 1e6.", "Optimizer: the first sum is NaN; it must be at least 0 and at most 1e6.",
            "Optimizer: epsilon is 0; it must be at least 1e-37 and at most 1e6.");
        AssertErrors(Some.Options with { Optimizer = Optimizer.Adadelta(rho: 1, epsilon: 0) },
            "Optimizer: rho is 1; it must be at least 0 and less than 1.", "Optimizer: epsilon is 0; it must be at least 1e-37 and at most 1e6.");
    }

    [EachCulture]
    public void Optimizer_Text_SaysWhatItIs()
    {
        Assert.AreEqual("AdamW, learning rate 0.001, weight decay 0.01 but for biases and norms", (Optimizer.AdamW() with { SparesBiasesAndNorms = true }).ToString());
        Assert.AreEqual("centered RMSprop with momentum 0.5, learning rate 0.01", Optimizer.RmsProp(momentum: 0.5, centered: true).ToString());
        Assert.AreEqual("NAdam, learning rate 0.002", Optimizer.NAdam().ToString());
        Assert.AreNotEqual(Optimizer.AdamW(), Optimizer.AdamW() with { SparesBiasesAndNorms = true });
        Assert.AreNotEqual(Optimizer.Adam(1), Optimizer.RAdam(1));
    }

    private void AssertErrors(CnnTrainerOptions options, params string[] errors)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, options));
        var list = string.Concat(errors.Select(text => Environment.NewLine + "- " + text));
        Assert.AreEqual($"These options of the CnnTrainer are not valid:{list} (Parameter 'options')", error.Message);
    }
}
