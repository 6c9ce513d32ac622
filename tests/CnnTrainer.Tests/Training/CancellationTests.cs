using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class CancellationTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Token_SetBetweenBatches_ReturnsWhatWasLearned()
    {
        using var source = new CancellationTokenSource();
        int batches = 0;
        using var model = Some.Trained(_ml, Some.Options with
        {
            Epochs = 1000,
            CancellationToken = source.Token,
            OnBatchEnd = report =>
            {
                batches++;
                if (report is { Epoch: 3, Batch: 2 }) source.Cancel();
            },
        });
        Assert.AreEqual(10, batches, "4 batches an epoch, and none after the cancellation");
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.HasCount(2, model.Model.History.Epochs);
        Assert.IsTrue(Some.FlatScores(model.Transform(Some.Images(_ml))).All(float.IsFinite));
        using var again = (IDisposable)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
    }

    [TestMethod]
    public void Token_SetAfterAnEpoch_ReturnsThatEpochsWeights()
    {
        using var source = new CancellationTokenSource();
        using var cancelled = Some.Trained(_ml, Some.Options with { Epochs = 50, CancellationToken = source.Token, OnEpochEnd = _ => source.Cancel() });
        using var single = Some.Trained(_ml, Some.Options with { Epochs = 1 });
        Assert.HasCount(1, cancelled.Model.History.Epochs);
        CollectionAssert.AreEqual(Some.FlatScores(single.Transform(Some.Images(_ml))), Some.FlatScores(cancelled.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void Token_SetAfterTheLastEpoch_ChangesNothing()
    {
        using var source = new CancellationTokenSource();
        using var model = Some.Trained(_ml, Some.Options with
        {
            CancellationToken = source.Token,
            OnEpochEnd = report =>
            {
                if (report.Epoch == 3) source.Cancel();
            },
        });
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
    }

    [TestMethod]
    public void Token_SetBefore_Throws()
    {
        var options = Some.Options with { CancellationToken = new CancellationToken(canceled: true) };
        Assert.ThrowsExactly<OperationCanceledException>(() => Some.Trained(_ml, options));
    }

    [TestMethod]
    public void Token_SetWhileRowsAreRead_Throws()
    {
        using var source = new CancellationTokenSource();
        int read = 0;
        var rows = Some.Rows(1000).Select(row =>
        {
            if (++read == 2 * 500) source.Cancel();   // MapValueToKey reads them all before
            return row;
        });
        var data = Some.View(_ml, rows.Take(500));
        var error = Assert.Throws<OperationCanceledException>(
            () => new CnnTrainer(_ml, Some.Options with { CancellationToken = source.Token }).Fit(Some.WithKeys(_ml, data)));
        Assert.AreEqual(source.Token, error.CancellationToken);
    }

    [TestMethod]
    public void Pipeline_CancelledOnce_IsFittedAgainWithANewToken()
    {
        CancellationTokenSource? current = null;
        bool cancel = true;
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(new CnnTrainer(_ml, Some.Options with
        {
            NewCancellationToken = () => (current = new CancellationTokenSource()).Token,
            OnEpochEnd = _ =>
            {
                if (cancel) current!.Cancel();
            },
        }));
        using var first = pipeline.Fit(Some.Images(_ml));
        cancel = false;
        using var second = pipeline.Fit(Some.Images(_ml));
        Assert.AreEqual((StopReason.Cancelled, 1), (first.LastTransformer.Model.History.StopReason, first.LastTransformer.Model.History.Epochs.Count));
        Assert.AreEqual((StopReason.Completed, 3), (second.LastTransformer.Model.History.StopReason, second.LastTransformer.Model.History.Epochs.Count));
        current!.Dispose();
    }

    [TestMethod]
    public void NewToken_CancelledAlready_Throws()
    {
        var token = new CancellationToken(canceled: true);
        var error = Assert.Throws<OperationCanceledException>(() => Some.Trained(_ml, Some.Options with { NewCancellationToken = () => token }));
        Assert.AreEqual(token, error.CancellationToken);
    }

    /// <summary>AutoML and others end what runs in a context that way; internal in Microsoft.ML 5.0.0.</summary>
    [TestMethod]
    public void CancelExecution_OfTheContext_EndsTheTraining()
    {
        using var model = Some.Trained(_ml, Some.Options with { Epochs = 50, OnEpochEnd = _ => _ml.CancelExecution() });
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.HasCount(1, model.Model.History.Epochs);
        Assert.IsTrue(Some.FlatScores(model.Transform(Some.Images(Some.Context()))).All(float.IsFinite));
    }

    [TestMethod]
    public void CancelExecution_BeforeTheFirstStep_Throws()
    {
        var data = Some.Keyed(_ml);
        var trainer = new CnnTrainer(_ml, Some.Options);
        _ml.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Fit(data));
    }
}
