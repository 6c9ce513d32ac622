using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

/// <summary>Validation by a share of the rows and by a second view.</summary>
[TestClass]
public sealed class ValidationTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fraction_Half_HoldsOutTheSameShareOfEachClass()
    {
        using var model = Some.Trained(_ml, Some.Options with { ValidationFraction = 0.5 });
        Assert.AreEqual(30, model.Model.History.TrainingRows);
        Assert.AreEqual(30, model.Model.History.ValidationRows);
    }

    [TestMethod]
    public void Fraction_RareClass_KeepsARowForTraining()
    {
        var rows = Some.Rows(40, 2).Append(Some.Rows(3).Last()).ToList();
        using var model = new CnnTrainer(_ml, Some.Options with { ValidationFraction = 0.9 }).Fit(Some.WithKeys(_ml, Some.View(_ml, rows)));
        Assert.AreEqual(2 * 2 + 1, model.Model.History.TrainingRows);
        Assert.AreEqual(2 * 18, model.Model.History.ValidationRows);
    }

    [TestMethod]
    public void Fraction_LabelsDrawnAtRandom_AreNotLearnedByTheHeldOutRows()
    {
        // Noise with random labels can only be learned by heart, so rows that were really kept out stay near chance.
        var random = new Random(5);
        var rows = Some.Rows(80).ToList();
        foreach (var row in rows) (row.Features, row.Label) = ([.. row.Features.Select(_ => random.NextSingle())], "c" + random.Next(2));
        var network = new CnnArchitecture(Layer.Flatten(), Layer.Linear(64), Layer.Relu(), Layer.Output());
        var options = Some.Options with { ValidationFraction = 0.5, Epochs = 60, Architecture = network };
        using var model = new CnnTrainer(_ml, options).Fit(Some.WithKeys(_ml, Some.View(_ml, rows)));
        var last = model.Model.History.Epochs[^1];
        Assert.AreEqual(1, last.Accuracy!.Value, 0.05);
        Assert.IsLessThan(0.8, last.ValidationAccuracy!.Value);
        Assert.IsGreaterThan(10 * last.Loss, last.ValidationLoss!.Value);
    }

    [TestMethod]
    public void Fraction_TooSmallForTheRows_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Some.Options with { ValidationFraction = 0.01 }));
        Assert.AreEqual("ValidationFraction 0.01 of 60 rows leaves no validation row: give more rows, a larger share, or 0 for no validation.", error.Message);
    }

    [TestMethod]
    public void SecondView_LastEpoch_EqualsEvaluate()
    {
        var other = Some.Keyed(_ml, rows: 31, seed: 9);
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 2 }).Fit(Some.Keyed(_ml), other);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(other));
        var last = model.Model.History.Epochs[^1];
        Assert.AreEqual(31, model.Model.History.ValidationRows);
        Assert.AreEqual(metrics.MicroAccuracy, last.ValidationAccuracy!.Value, 1e-9);
        Assert.AreEqual(metrics.LogLoss, last.ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void SecondView_Given_IsUsedInsteadOfTheFraction()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { ValidationFraction = 0.5 }).Fit(Some.Keyed(_ml), Some.Keyed(_ml, rows: 9));
        Assert.AreEqual(60, model.Model.History.TrainingRows);
        Assert.AreEqual(9, model.Model.History.ValidationRows);
    }

    [TestMethod]
    public void SecondView_Given_ChangesNoWeights()
    {
        using var with = new CnnTrainer(_ml, Some.Options with { Architecture = Some.AllLayers }).Fit(Some.Keyed(_ml), Some.Keyed(_ml, rows: 9, seed: 2));
        using var without = Some.Trained(_ml, Some.Options with { Architecture = Some.AllLayers });
        CollectionAssert.AreEqual(Some.FlatScores(without.Transform(Some.Images(_ml))), Some.FlatScores(with.Transform(Some.Images(_ml))));
    }

    [TestMethod]
    public void SecondView_KeysInAnotherOrder_IsAnError()
    {
        // The same three classes, met in another order: their keys do not mean the same.
        var reversed = Some.WithKeys(_ml, Some.View(_ml, Some.Rows(30).Reverse().ToList()));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(Some.Keyed(_ml), reversed));
        Assert.Contains("The validation labels have the keys c2, c1, c0, but the training labels have c0, c1, c2: map both with one fitted MapValueToKey.", error.Message);
    }

    [TestMethod]
    public void SecondView_MoreClasses_IsAnError() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => new CnnTrainer(_ml, Some.Options).Fit(Some.Keyed(_ml), Some.Keyed(_ml, classes: 4)));

    [TestMethod]
    public void SecondView_OtherImageShape_IsAnError()
    {
        var wide = Some.Keyed(_ml, shape: new ImageShape(1, 4, 16));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(Some.Keyed(_ml), wide));
        Assert.Contains("The validation images are 1 x 4 x 16, but the training images are 1 x 8 x 8.", error.Message);
    }
}
