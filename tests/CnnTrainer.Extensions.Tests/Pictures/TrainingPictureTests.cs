using Microsoft.ML;

namespace CnnMlNet.Tests;

/// <summary>Pictures.Loss, Metric and LearningRate.</summary>
[TestClass]
public sealed class TrainingPictureTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void LossMetricLearningRate_WithValidation_ShowBothAndTheBestEpoch()
    {
        using var model = Some.Trained(_ml, Some.Options with { ValidationFraction = 0.2, Epochs = 3, BatchSize = 16 });
        var history = model.Model.History;
        string best = $"best epoch: {history.BestEpoch}";

        CollectionAssert.IsSubsetOf(new[] { "Loss", "step", "epoch", "training", "validation", best }, Pictures.Loss(history).Texts());
        CollectionAssert.IsSubsetOf(new[] { "Accuracy", "accuracy", "training", "validation", best }, Pictures.Metric(history).Texts());
        var rate = Pictures.LearningRate(history);
        CollectionAssert.IsSubsetOf(new[] { "Learning rate", "at the epoch's end", best }, rate.Texts());
        Assert.HasCount(3, rate.Curves().Single());
        foreach (var picture in new[] { Pictures.Loss(history), Pictures.Metric(history), rate }) picture.AssertWithin();
    }

    [TestMethod]
    public void LossMetric_WithoutValidation_ShowTraining()
    {
        using var model = Some.Trained(_ml);
        var history = model.Model.History;

        Assert.HasCount(2, Pictures.Loss(history).Curves());
        Assert.HasCount(1, Pictures.Loss(history with { BatchLosses = [] }).Curves());
        Assert.HasCount(1, Pictures.Metric(history, "accuracy").Curves());
        CollectionAssert.DoesNotContain(Pictures.Metric(history).Texts(), "validation");
        CollectionAssert.Contains(Pictures.LearningRate(history with { Epochs = [] }).Texts(), "no data");
    }

    [TestMethod]
    public void Metric_ThatIsNotThere_ListsThose()
    {
        using var model = Some.Trained(_ml);
        var history = model.Model.History;

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => Pictures.Metric(history, "recall")).Message, "The history has no metric 'recall'. There are: accuracy.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => Pictures.Metric(history with { Epochs = [] })).Message, "The history has no metrics");
    }
}
