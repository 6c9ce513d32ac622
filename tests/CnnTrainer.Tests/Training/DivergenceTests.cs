using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class DivergenceTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_HugeLearningRate_EndsInOneClearException()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Some.Options with { Optimizer = Optimizer.Sgd(1e6) }).Fit(Huge()));
        Assert.MatchesRegex(
            @"^Training diverged: the loss of batch \d of epoch \d \(learning rate 1000000\) is (NaN|Infinity). Use a lower learning rate, .*GradientClipping.*PixelScaling",
            error.Message);
    }

    [TestMethod]
    public void Fit_LastStepDiverges_IsFoundToo()
    {
        // The only batch is measured before its step, so its own loss is fine.
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e6), Epochs = 1, BatchSize = 60 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, options).Fit(Huge()));
        StringAssert.StartsWith(error.Message, "Training diverged: the loss after the last step is NaN.");
    }

    [TestMethod]
    public void Fit_ValidationDiverges_NamesTheEpoch()
    {
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e6), Epochs = 1, BatchSize = 60 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, options).Fit(Huge(), Huge()));
        StringAssert.StartsWith(error.Message, "Training diverged: the validation loss of batch 1 of epoch 1 is NaN.");
    }

    [TestMethod]
    public void Fit_GradientOfTheLastStepIsNoNumber_NamesTheWeight()
    {
        CnnModules.Register("DivergenceTests.NoGradient", _ => new NoGradient());
        var network = new CnnArchitecture(Layer.Flatten(), Layer.Linear(2), Layer.Module("DivergenceTests.NoGradient"), Layer.Output());
        var options = Some.Options with { Architecture = network, Epochs = 1, BatchSize = 60 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options));
        StringAssert.StartsWith(error.Message, "Training diverged: the weight '1.weight' after the last step is not a finite number.");
    }

    /// <summary>Nobody reads the loss while nobody asks: the first batch that is not a number must still be the one that is named.</summary>
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(100)]
    public void Fit_LossReadLater_NamesTheSameBatch(int reportEvery)
    {
        var options = Some.Options with { Optimizer = Optimizer.Sgd(1e6), BatchSize = 5, Shuffle = false };
        var watched = reportEvery == 0 ? options : options with { ReportEvery = reportEvery, OnBatchEnd = _ => { } };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, watched).Fit(Huge()));
        StringAssert.StartsWith(error.Message, "Training diverged: the loss of batch 2 of epoch 1 (learning rate 1000000) is NaN.");
    }

    [TestMethod]
    public void Fit_DivergedBeforeACancellation_IsStillTold()
    {
        using var source = new CancellationTokenSource();
        var options = Some.Options with
        {
            Optimizer = Optimizer.Sgd(1e6), BatchSize = 5, CancellationToken = source.Token, ReportEvery = 1, OnBatchEnd = _ => source.Cancel(),
        };
        Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, options).Fit(Huge()));
    }

    [TestMethod]
    public void Fit_SquaredErrorsBeyondTheRange_AreToldInsteadOfSaved()
    {
        // The loss, a mean of absolute errors, is a number; the sum of their squares is none.
        var rows = Some.Rows().Select((row, i) => new Number { Features = row.Features, Label = i % 2 == 0 ? 3e18f : -3e18f }).ToList();
        var options = Some.Options with { Head = Head.Regression(standardize: false), Loss = Loss.MeanAbsoluteError(), BatchSize = 60, Epochs = 1 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, options).Fit(Some.View(_ml, rows)));
        StringAssert.StartsWith(error.Message, "Training diverged: the root mean squared error at the loss of batch 1 of epoch 1 (learning rate 0.01) is Infinity.");
    }

    private sealed class Number
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    /// <summary>Pixels so large that one step of 1e6 leaves the range of the numbers.</summary>
    private IDataView Huge()
    {
        var rows = Some.Rows().ToList();
        foreach (var row in rows) row.Features = [.. row.Features.Select(pixel => pixel * 1e12f)];
        return Some.WithKeys(_ml, Some.View(_ml, rows));
    }

    /// <summary>Gives zeros, but the slope of a square root at 0 is infinite.</summary>
    private sealed class NoGradient() : nn.Module<Tensor, Tensor>(nameof(NoGradient))
    {
        public override Tensor forward(Tensor input) => input.mul(0).sqrt();
    }
}
