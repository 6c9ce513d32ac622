using Microsoft.ML;

namespace CnnMlNet.Tests.Speed;

/// <summary>
/// A guard of speed that needs no clock: what a step, a prediction and a batch of scoring ask of LibTorch and of the managed heap. A small
/// network's time is these calls, and garbage is collected while its threads wait. Who lowers a count lowers its limit.
/// </summary>
[TestClass]
public sealed class CountTests
{
    private const int Batch = 16, Steps = 20, ScoredRows = 128;

    private static readonly MLContext s_ml = Some.Context();
    private static readonly Lazy<Count> s_step = new(Step), s_predict = new(Predict), s_scored = new(Scored);

    [TestMethod]
    public void Calls_OfATrainingStep_AreWithinTheLimit() => AssertCalls(Limits.StepCalls, s_step.Value.Calls);

    [TestMethod]
    public void ManagedBytes_OfATrainingStep_AreWithinTheLimit() => AssertBytes(Limits.StepBytes, s_step.Value.Bytes);

    [TestMethod]
    public void Calls_OfAPrediction_AreWithinTheLimit() => AssertCalls(Limits.PredictCalls, s_predict.Value.Calls);

    [TestMethod]
    public void ManagedBytes_OfAPrediction_AreWithinTheLimit() => AssertBytes(Limits.PredictBytes, s_predict.Value.Bytes);

    [TestMethod]
    public void Calls_Of128ScoredRows_AreWithinTheLimit() => AssertCalls(Limits.ScoredCalls, s_scored.Value.Calls);

    [TestMethod]
    public void ManagedBytes_Of128ScoredRows_AreWithinTheLimit() => AssertBytes(Limits.ScoredBytes, s_scored.Value.Bytes);

    private static CnnTrainerOptions Options { get; } = Some.Options with { Architecture = CnnArchitecture.SimpleBatchNorm, BatchSize = Batch };

    private static Count Step() => Counted.PerStep(epochs => new CnnTrainer(s_ml, Options with { Epochs = epochs }), Some.Keyed(s_ml, Batch * Steps), Steps);

    private static Count Predict()
    {
        using var engine = s_ml.Model.CreatePredictionEngine<ImageRow, Prediction>(Trained(), inputSchemaDefinition: Some.Definition<ImageRow>());
        return Counted.PerPredict(engine, Some.Rows(1).Single());
    }

    private static Count Scored()
    {
        using var model = Trained();
        var rows = Some.Keyed(s_ml, 16 * ScoredRows);
        return Counted.PerRows(model, count => s_ml.Data.TakeRows(rows, count), ScoredRows);
    }

    private static CnnTransformer Trained() => Some.Trained(s_ml, Options with { Epochs = 1 });

    private static void AssertCalls(double limit, double calls)
    {
        if (!Counted.HasCalls) Assert.Inconclusive("The native library beneath TorchSharp does not count its calls: the limits are checked over one that does.");
        Assert.IsLessThanOrEqualTo(limit, calls);
        Assert.IsGreaterThan(0, calls);
    }

    private static void AssertBytes(double limit, double bytes) => Assert.IsLessThanOrEqualTo(limit, bytes);
}
