using Microsoft.ML;

namespace CnnMlNet.Tests.Sweeps;

/// <summary>What is said before any row is trained on.</summary>
[TestClass]
public sealed class SweepErrorTests
{
    private static readonly SweepOptions Quick = new() { TestFraction = 0.25 };
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Sweep_NoCandidates_IsAnError() => AssertError(() => Run([]), "There are no candidates: give at least one CnnTrainerOptions.");

    [EachCulture]
    public void Sweep_InvalidCandidates_AreAllNamedByTheirIndex() => AssertError(
        () => Run([Some.Options, Some.Options with { Epochs = 0, BatchSize = -1 }, Some.Options with { ValidationFraction = 1.5 }]),
        "candidates[1]: Epochs is 0; it must be at least 1.",
        "candidates[1]: BatchSize is -1; it must be at least 1.",
        "candidates[2]: ValidationFraction is 1.5; it must be at least 0 and less than 1.");

    [TestMethod]
    public void Sweep_NullCandidate_IsNamed() => AssertError(() => Run([Some.Options, null!]), "candidates[1] is null.");

    [TestMethod]
    public void Sweep_OtherColumns_AreAnError() => AssertError(
        () => Run([Some.Options, Some.Options with { FeatureColumnName = "Pixels" }]),
        "candidates[1] reads the columns 'Pixels' and 'Label', but candidates[0] 'Features' and 'Label': they must be the same.");

    [TestMethod]
    public void Sweep_Checkpoints_AreAnError() => AssertError(
        () => Run([Some.Options with { Checkpoints = Checkpoints.In("x") }]),
        "candidates[0]: Checkpoints must be null: the trainings of a sweep cannot share a folder.");

    [TestMethod]
    public void Sweep_LayersThatDoNotFit_AreToldBeforeAnyTraining()
    {
        int runs = 0;
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.Sweep(
            Some.Keyed(_ml), [Some.Options, Some.Options with { Architecture = CnnArchitecture.AlexNet }], Quick with { OnRunEnd = _ => runs++ }));
        StringAssert.Contains(error.Message, "- candidates[1]: ");
        Assert.AreEqual(0, runs);
    }

    [TestMethod]
    public void Sweep_ScheduleThatNeedsMoreEpochs_NamesTheRound()
    {
        var schedule = Schedule.Constant().WithWarmUp(2);
        AssertError(
            () => Run([.. Enumerable.Repeat(Some.Options with { Schedule = schedule }, 3)]),
            [.. Enumerable.Range(0, 3).Select(i => $"candidates[{i}] with Epochs = 1 in round 0 (see HalvingFactor): Schedule: the warm-up takes 2 epochs; ")]);
    }

    [EachCulture]
    public void Sweep_InvalidOptions_AreAllTold()
    {
        AssertError(
            () => Run([Some.Options], new SweepOptions { Folds = 1, HalvingFactor = 1, Metric = SweepMetric.RSquared }),
            "Folds is 1; it must be at least 2.", "HalvingFactor is 1; it must be at least 2.",
            "Metric is RSquared; this task has MicroAccuracy, MacroAccuracy, LogLoss.");
        AssertError(() => Run([Some.Options], new SweepOptions { TestFraction = 1.5 }), "TestFraction is 1.5; it must be greater than 0 and less than 1.");
    }

    [TestMethod]
    public void Sweep_MoreFoldsThanRowsOfAClass_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run([Some.Options], new SweepOptions { Folds = 21 }));
        Assert.AreEqual("The label column 'Label' has only 20 rows of the class 1 (a key, counting from 1), too few for 21 folds: make fewer folds, or leave the class out.", error.Message);
    }

    [TestMethod]
    public void Sweep_TrainingThatCannotBegin_NamesTheCandidate()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run([Some.Options with { DropLastBatch = true, BatchSize = 1000 }]));
        StringAssert.StartsWith(error.Message, "candidates[0] () cannot be tried: DropLastBatch leaves no batch:");
    }

    [TestMethod]
    public void Sweep_TextLabel_SaysHowToMakeAKey()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.Sweep(Some.Images(_ml), [Some.Options], Quick));
        StringAssert.Contains(error.Message, "append ml.Transforms.Conversion.MapValueToKey(\"Label\")");
    }

    [TestMethod]
    public void Sweep_WrongArguments_Throw()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.MulticlassClassification.Sweep(null!, [Some.Options]));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), _ => Some.Options, 0));
    }

    private SweepResult Run(IReadOnlyList<CnnTrainerOptions> candidates, SweepOptions? options = null) =>
        _ml.MulticlassClassification.Sweep(Some.Keyed(_ml), candidates, options ?? Quick);

    private static void AssertError(Func<SweepResult> run, params string[] sentences)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(run);
        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.HasCount(sentences.Length + 1, lines, error.Message);
        foreach (var (line, sentence) in lines.Skip(1).Zip(sentences)) StringAssert.StartsWith(line, "- " + sentence);
    }
}
