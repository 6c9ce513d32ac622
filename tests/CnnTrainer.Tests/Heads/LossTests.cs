using System.Text.Json;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Heads;

/// <summary>What a loss is told: its range, its text, what it is in files, and how it shows in training.</summary>
[TestClass]
public sealed class LossTests
{
    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Losses =>
    [
        [Loss.CrossEntropy(), """{"type":"crossEntropy","LabelSmoothing":0}""", "Cross entropy"],
        [
            Loss.CrossEntropy(0.1, ClassWeights.Of(1, 2.5)), """{"type":"crossEntropy","LabelSmoothing":0.1,"ClassWeights":{"type":"given","Weights":[1,2.5]}}""",
            "Cross entropy, label smoothing 0.1, class weights 1, 2.5",
        ],
        [
            Loss.Focal(1.5, ClassWeights.Of(new Dictionary<string, double> { ["cat"] = 2 })),
            """{"type":"focal","Gamma":1.5,"ClassWeights":{"type":"named","Weights":{"cat":2}}}""", "Focal, gamma 1.5, class weights cat 2",
        ],
        [Loss.Focal(2, ClassWeights.Balanced()), """{"type":"focal","Gamma":2,"ClassWeights":{"type":"balanced"}}""", "Focal, gamma 2, balanced class weights"],
        [Loss.MeanSquaredError(), """{"type":"meanSquaredError"}""", "Mean squared error"],
        [Loss.MeanAbsoluteError(), """{"type":"meanAbsoluteError"}""", "Mean absolute error"],
        [Loss.Huber(0.5), """{"type":"huber","Delta":0.5}""", "Huber, delta 0.5"],
    ];

    [EachCulture]
    [DynamicData(nameof(Losses))]
    public void Loss_TextAndFile_AreTheSameInEveryLanguage(Loss loss, string json, string text)
    {
        Assert.AreEqual(text, loss.ToString());
        Assert.AreEqual(json, JsonSerializer.Serialize(loss));
        var read = JsonSerializer.Deserialize<Loss>(json)!;
        Assert.AreEqual(loss, read);
        Assert.AreEqual(loss.GetHashCode(), read.GetHashCode());
        Assert.AreEqual(1, Losses.Count(other => other[0].Equals(loss)), "the others are other losses");
    }

    [TestMethod]
    public void ClassWeights_EqualByContent()
    {
        var (one, other) = (new Dictionary<string, double> { ["a"] = 2, ["b"] = 3 }, new Dictionary<string, double> { ["b"] = 3, ["a"] = 2 });
        Assert.AreEqual(ClassWeights.Of(one), ClassWeights.Of(other));
        Assert.AreEqual(ClassWeights.Of(one).GetHashCode(), ClassWeights.Of(other).GetHashCode());
        Assert.AreNotEqual(ClassWeights.Of(2, 3), ClassWeights.Of(3, 2));
        var weights = ClassWeights.Of(one);
        one["a"] = 9;
        Assert.AreEqual(ClassWeights.Of(other), weights, "what was given is copied");
    }

    [EachCulture]
    public void Trainer_LossOutOfRange_ReportsAllErrorsAtOnce() => AssertErrors(
        new CnnTrainerOptions { Loss = Loss.CrossEntropy(1.5, ClassWeights.Of(0, 1, double.NaN)), ExampleWeightColumnName = "Label", Epochs = 0 },
        "LabelColumnName and ExampleWeightColumnName are both 'Label'.",
        "Epochs is 0; it must be at least 1.",
        "Loss: the label smoothing is 1.5; it must be 0 to 1.",
        "Loss: the weight of class number 1 is 0; it must be greater than 0 and at most 1e6.",
        "Loss: the weight of class number 3 is NaN; it must be greater than 0 and at most 1e6.");

    [TestMethod]
    public void Trainer_LossOfAnotherHead_SaysWhichFit()
    {
        AssertErrors(new() { Loss = Loss.Huber(-1) }, "Loss: delta is -1; it must be greater than 0 and at most 1e6.", "Loss: 'Huber, delta -1' does not fit Head.Multiclass(); it takes CrossEntropy and Focal.");
        AssertErrors(new() { Loss = Loss.MeanSquaredError(), Head = Head.Binary() }, "Loss: 'Mean squared error' does not fit Head.Binary(); it takes CrossEntropy and Focal.");
        AssertErrors(
            new() { Loss = Loss.Focal(-1), Head = Head.Regression() }, "Loss: gamma is -1; it must be 0 to 100.",
            "Loss: 'Focal, gamma -1' does not fit Head.Regression(); it takes MeanSquaredError, MeanAbsoluteError and Huber.");
    }

    [TestMethod]
    public void Fit_WeightsOfOtherClasses_NamesTheClasses()
    {
        AssertMisfit(ClassWeights.Of(1, 2), "Loss: there are 2 class weights for 3 classes: c0, c1, c2.");
        AssertMisfit(ClassWeights.Of(new Dictionary<string, double> { ["c0"] = 2, ["dog"] = 1 }), "Loss: there is a weight for the class 'dog', but the classes are c0, c1, c2.");

        void AssertMisfit(ClassWeights weights, string message) => Assert.AreEqual(
            message, Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { Loss = Loss.CrossEntropy(0, weights) })).Message);
    }

    [TestMethod]
    public void Fit_DefaultLossSaid_GivesTheSameBits()
    {
        var data = Some.Keyed(_ml);
        using var silent = Some.Trained(_ml);
        using var said = Some.Trained(_ml, Some.Options with { Loss = Loss.CrossEntropy() });
        CollectionAssert.AreEqual(Some.FlatScores(silent.Transform(data)), Some.FlatScores(said.Transform(data)));
    }

    [TestMethod]
    public void Fit_NamedWeights_AreThoseInTheKeysOrder()
    {
        var data = Some.Keyed(_ml);
        using var given = Some.Trained(_ml, Some.Options with { Loss = Loss.CrossEntropy(0, ClassWeights.Of(1, 1, 5)) });
        using var named = Some.Trained(_ml, Some.Options with { Loss = Loss.CrossEntropy(0, ClassWeights.Of(new Dictionary<string, double> { ["c2"] = 5 })) });
        CollectionAssert.AreEqual(Some.FlatScores(given.Transform(data)), Some.FlatScores(named.Transform(data)));
        using var plain = Some.Trained(_ml);
        Assert.IsGreaterThan(Mean(plain, data, 2), Mean(given, data, 2), "the class that counts more is said more often");
    }

    /// <summary>A network that answers the truth for sure is wrong by the smoothed labels.</summary>
    [TestMethod]
    public void Fit_LabelSmoothing_KeepsTheProbabilitiesBelowCertainty()
    {
        var data = Some.Keyed(_ml);
        var options = Some.Options with { Epochs = 40 };
        using var sharp = Some.Trained(_ml, options);
        using var smooth = Some.Trained(_ml, options with { Loss = Loss.CrossEntropy(0.3) });
        Assert.IsGreaterThan(0.99, Some.Scores(sharp.Transform(data)).Average(row => row.Max()));
        Assert.AreEqual(0.8, Some.Scores(smooth.Transform(data)).Average(row => row.Max()), 0.03, "1 - 0.3 + 0.3 / 3");
    }

    [TestMethod]
    public void Fit_BalancedWeights_AreCountedInTheTrainingRowsAlone()
    {
        // 40 + 12 + 8 rows; the hold-out takes a quarter of each class: 30, 9 and 6 rows are left to learn from.
        var rows = Some.Rows(60, classes: 1).Select((row, i) => new ImageRow { Features = row.Features, Label = i < 40 ? "c0" : i < 52 ? "c1" : "c2" }).ToList();
        var data = Some.WithKeys(_ml, Some.View(_ml, rows));
        var options = Some.Options with { ValidationFraction = 0.25 };
        using var balanced = new CnnTrainer(_ml, options with { Loss = Loss.CrossEntropy(0, ClassWeights.Balanced()) }).Fit(data);
        using var given = new CnnTrainer(_ml, options with { Loss = Loss.CrossEntropy(0, ClassWeights.Of(45 / (3 * 30d), 45 / (3 * 9d), 45 / (3 * 6d))) }).Fit(data);
        CollectionAssert.AreEqual(Some.FlatScores(given.Transform(data)), Some.FlatScores(balanced.Transform(data)));
        CollectionAssert.AreEqual(given.Model.History.Epochs.ToArray(), balanced.Model.History.Epochs.ToArray());
    }

    [TestMethod]
    public void Balanced_ClassWithoutRows_HasTheWeight1() =>
        CollectionAssert.AreEqual(new[] { 10 / (2 * 8d), 1, 10 / (2 * 2d) }, ClassWeights.Balanced().For(["a", "b", "c"], [8, 0, 2]));

    /// <summary>Losses by batches of any size come to the mean over all rows, by the weights of their classes.</summary>
    [TestMethod]
    public void History_ClassWeights_LossDoesNotDependOnTheBatches()
    {
        var options = Some.Options with { Loss = Loss.CrossEntropy(0, ClassWeights.Of(1, 20, 0.05)), Epochs = 1, Optimizer = Optimizer.Sgd(1e-30) };
        using var one = Some.Trained(_ml, options with { BatchSize = 60 });
        using var many = Some.Trained(_ml, options with { BatchSize = 7 });
        Assert.AreEqual(one.Model.History.Epochs[0].Loss, many.Model.History.Epochs[0].Loss, 1e-6);
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(2.0)]
    public void Focal_RowsThatAreRightForSure_HaveFiniteSlopes(double gamma)
    {
        using var scope = NewDisposeScope();
        var outputs = tensor(new float[] { 100, 0, 0, -100, 0, 0 }, [2, 3]).with_requires_grad();
        using var criterion = new MulticlassCriterion(Loss.Focal(gamma), null, rowsWeigh: false, CPU);
        var loss = criterion.Loss(outputs, new LoadedBatch(outputs, tensor(new long[] { 0, 0 })));
        loss.backward();
        Assert.IsTrue(outputs.grad!.data<float>().ToArray().All(float.IsFinite));
        Assert.AreEqual(50, loss.item<float>(), 1, "the one that is wrong for sure counts in full");
    }

    private static double Mean(CnnTransformer model, IDataView data, int slot) => Some.Scores(model.Transform(data)).Average(row => row[slot]);

    private static void AssertErrors(CnnTrainerOptions options, params string[] errors)
    {
        var list = string.Concat(errors.Select(text => Environment.NewLine + "- " + text));
        Assert.AreEqual(
            $"These options of the CnnTrainer are not valid:{list} (Parameter 'options')", Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), options)).Message);
    }
}
