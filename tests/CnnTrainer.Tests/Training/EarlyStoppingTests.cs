using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class EarlyStoppingTests
{
    private readonly MLContext _ml = Some.Context();

    /// <summary>Learns fast and then gets worse on the rows held out, whose images are noise.</summary>
    private static readonly CnnTrainerOptions Overfits = Some.Options with { Epochs = 40, Optimizer = Optimizer.Adam(0.05) };

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void OnLoss_NoBetterEpoch_EndsAfterPatienceWithTheBestWeights(int patience)
    {
        var (train, noise) = Data();
        using var model = new CnnTrainer(_ml, Overfits with { EarlyStopping = EarlyStopping.OnLoss(patience) }).Fit(train, noise);
        var history = model.Model.History;
        var losses = history.Epochs.Select(epoch => epoch.ValidationLoss!.Value).ToList();
        int best = losses.IndexOf(losses.Min()) + 1;
        Assert.AreEqual(StopReason.EarlyStopped, history.StopReason);
        Assert.AreEqual(best, history.BestEpoch);
        Assert.AreEqual(best, history.RestoredEpoch);
        Assert.HasCount(best + patience, history.Epochs);
        using var shorter = new CnnTrainer(_ml, Overfits with { Epochs = best }).Fit(train, noise);
        CollectionAssert.AreEqual(Weights.Of(shorter), Weights.Of(model), "the weights are those of the best epoch");
    }

    [TestMethod]
    public void OnLoss_WithoutRestoring_KeepsTheLastWeights()
    {
        var (train, noise) = Data();
        using var model = new CnnTrainer(_ml, Overfits with { EarlyStopping = EarlyStopping.OnLoss(2, restoreBest: false) }).Fit(train, noise);
        Assert.IsNull(model.Model.History.RestoredEpoch);
        using var shorter = new CnnTrainer(_ml, Overfits with { Epochs = model.Model.History.Epochs.Count }).Fit(train, noise);
        CollectionAssert.AreEqual(Weights.Of(shorter), Weights.Of(model));
    }

    [TestMethod]
    public void OnAccuracy_AllEpochsBetterByLess_CountsAsNoBetter()
    {
        using var model = Some.Trained(_ml, Some.Options with { Epochs = 20, ValidationFraction = 0.2, EarlyStopping = EarlyStopping.OnAccuracy(patience: 3, minimalChange: 1) });
        Assert.HasCount(4, model.Model.History.Epochs);
        Assert.AreEqual(1, model.Model.History.BestEpoch);
    }

    [TestMethod]
    public void LastEpoch_IsTheOneThatWouldEndIt_CompletesWithTheBestWeights()
    {
        var (train, noise) = Data();
        var stopping = EarlyStopping.OnLoss(patience: 4);
        int ends;
        using (var stopped = new CnnTrainer(_ml, Overfits with { EarlyStopping = stopping }).Fit(train, noise)) ends = stopped.Model.History.Epochs.Count;
        using var model = new CnnTrainer(_ml, Overfits with { EarlyStopping = stopping, Epochs = ends }).Fit(train, noise);
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
        Assert.AreEqual(ends - 4, model.Model.History.RestoredEpoch);
    }

    [TestMethod]
    public void Cancelled_WithValidation_ReturnsTheBestEpoch()
    {
        var (train, noise) = Data();
        using var source = new CancellationTokenSource();
        using var model = new CnnTrainer(_ml, Overfits with
        {
            CancellationToken = source.Token,
            OnBatchEnd = report => Cancel(source, report is { Epoch: 12, Batch: 2 }),
        }).Fit(train, noise);
        var losses = model.Model.History.Epochs.Select(epoch => epoch.ValidationLoss!.Value).ToList();
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.AreEqual(losses.IndexOf(losses.Min()) + 1, model.Model.History.RestoredEpoch);
        using var best = new CnnTrainer(_ml, Overfits with { Epochs = model.Model.History.RestoredEpoch!.Value }).Fit(train, noise);
        CollectionAssert.AreEqual(Weights.Of(best), Weights.Of(model));
    }

    [TestMethod]
    public void WithoutValidationRows_IsAnErrorThatSaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Some.Options with { EarlyStopping = EarlyStopping.OnLoss() }));
        StringAssert.Contains(error.Message, "ValidationFraction");
    }

    [TestMethod]
    public void Options_OutOfRange_AreAllNamed()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { EarlyStopping = EarlyStopping.OnLoss(0, double.NaN) }));
        StringAssert.Contains(error.Message, "the patience is 0");
        StringAssert.Contains(error.Message, "the minimal change is NaN");
    }

    private (IDataView Train, IDataView Noise) Data()
    {
        var random = new Random(5);
        var noise = Some.Rows(30).Select(row => new ImageRow { Label = row.Label, Features = [.. row.Features.Select(pixel => pixel + 3 * (random.NextSingle() - 0.5f))] });
        return (Some.Keyed(_ml), Some.WithKeys(_ml, Some.View(_ml, noise.ToList())));
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now) source.Cancel();
    }
}
