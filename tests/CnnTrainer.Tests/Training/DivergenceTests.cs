using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class DivergenceTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_HugeLearningRate_EndsInOneClearException()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Some.Options with { Optimizer = Optimizer.Sgd(1e30) }));
        Assert.MatchesRegex(
            @"^Training diverged: the loss of batch \d of epoch \d is (NaN|Infinity). Use a lower learning rate, or scale the features \(see StandardScale\).$",
            error.Message);
    }

    [TestMethod]
    public void Fit_LastStepDiverges_IsFoundToo()
    {
        // The only batch is measured before its step, so its own loss is fine.
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e37), Epochs = 1, BatchSize = 60 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options));
        StringAssert.StartsWith(error.Message, "Training diverged: the loss after the last step is NaN.");
    }

    [TestMethod]
    public void Fit_ValidationDiverges_NamesTheEpoch()
    {
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e37), Epochs = 1, BatchSize = 60 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, options).Fit(Some.Keyed(_ml), Some.Keyed(_ml, seed: 2)));
        StringAssert.StartsWith(error.Message, "Training diverged: the validation loss of batch 1 of epoch 1 is NaN.");
    }
}
