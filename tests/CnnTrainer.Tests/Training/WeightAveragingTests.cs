using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class WeightAveragingTests
{
    private const string Path = "0.weight";
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Exponential_AfterSomeSteps_IsTheAverageOfTheWeightsByTheFormula()
    {
        var full = Some.Options with { BatchSize = 60 };   // a step an epoch, so that each step's weights can be had
        var steps = Enumerable.Range(1, 5).Select(epochs => Trained(full with { Epochs = epochs })).ToList();
        var average = Trained(full with { Epochs = 1, Optimizer = Optimizer.Adam(1e-30) }).Select(weight => (double)weight).ToArray();   // the first weights
        foreach (var (i, weights) in steps.Index())
        {
            double keep = Math.Min(0.25, (2.0 + i) / (11 + i));
            average = [.. average.Zip(weights, (old, weight) => keep * old + (1 - keep) * weight)];
        }

        var found = Trained(full with { Epochs = 5, WeightAveraging = WeightAveraging.Exponential(0.25) });
        foreach (var (expected, actual) in average.Zip(found)) Assert.AreEqual(expected, actual, 1e-6);
        CollectionAssert.AreNotEqual(steps[^1], found);
    }

    [TestMethod]
    public void Exponential_Validation_SeesTheAverage()
    {
        var options = Some.Options with { Architecture = Some.AllLayers, ValidationFraction = 0.2, WeightAveraging = WeightAveraging.Exponential(0.9), Epochs = 6 };
        using var model = Some.Trained(_ml, options);
        using var last = Some.Trained(_ml, options with { WeightAveraging = null });
        CollectionAssert.AreEqual(last.Model.History.BatchLosses.ToArray(), model.Model.History.BatchLosses.ToArray(), "training goes on with its own weights");
        Assert.AreNotEqual(last.Model.History.Epochs[^1].ValidationLoss, model.Model.History.Epochs[^1].ValidationLoss);
        using var again = Some.Trained(_ml, options with { StartFrom = StartFrom.Model(model.Model), Optimizer = Optimizer.Adam(1e-30), WeightAveraging = null, Epochs = 1, Frozen = ["0", "1", "4"] });
        Assert.AreEqual(model.Model.History.Epochs[^1].ValidationLoss!.Value, again.Model.History.Epochs[^1].ValidationLoss!.Value, 0.05, "the model has what was validated");
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void Decay_OutOfRange_IsAnError(double decay) => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { WeightAveraging = WeightAveraging.Exponential(decay) })).Message, "WeightAveraging: the decay is");

    private float[] Trained(CnnTrainerOptions options)
    {
        using var model = Some.Trained(_ml, options);
        return Weights.Of(model, Path);
    }
}
