using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class AccumulationTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    [DataRow(5, 4)]
    [DataRow(7, 3)]
    [DataRow(1, 21)]
    public void SeveralBatches_AsOneStep_EqualTheLargeBatch(int batch, int accumulate)
    {
        // 60 rows in steps of 20 or 21: the last batch and the last step of an epoch may be smaller.
        var options = Some.Options with { Optimizer = Optimizer.Sgd(0.5, momentum: 0.9), Epochs = 4 };
        using var large = Some.Trained(_ml, options with { BatchSize = batch * accumulate });
        using var small = Some.Trained(_ml, options with { BatchSize = batch, AccumulateBatches = accumulate });
        foreach (var path in new[] { "0.weight", "4.weight", "4.bias" })
        {
            foreach (var (expected, actual) in Weights.Of(large, path).Zip(Weights.Of(small, path))) Assert.AreEqual(expected, actual, 2e-5, path);
        }

        Assert.AreEqual(large.Model.History.Epochs[0].Loss, small.Model.History.Epochs[0].Loss, 1e-5);
        Assert.HasCount(4 * ((60 + batch - 1) / batch), small.Model.History.BatchLosses);
    }

    [TestMethod]
    public void Cancelled_BetweenBatchesOfAStep_FinishesTheStep()
    {
        using var source = new CancellationTokenSource();
        int batches = 0;
        using var model = Some.Trained(_ml, Some.Options with
        {
            BatchSize = 5,
            AccumulateBatches = 4,
            CancellationToken = source.Token,
            OnBatchEnd = report =>
            {
                batches++;
                if (report.Batch == 2) source.Cancel();
            },
        });
        Assert.AreEqual(4, batches);
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
    }

    [TestMethod]
    public void AccumulateBatches_Zero_IsAnError() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { AccumulateBatches = 0 })).Message, "AccumulateBatches is 0");
}
