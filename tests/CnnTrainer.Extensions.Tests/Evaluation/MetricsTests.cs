using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Evaluation;

/// <summary>
/// ML.NET's metrics of scores like ours, against scikit-learn 1.2.1 (accuracy_score, roc_auc_score, log_loss, ...): what a user reads
/// off <c>Evaluate</c> must not depend on where ML.NET comes from.
/// </summary>
[TestClass]
public sealed class MetricsTests
{
    private const double Close = 1e-7;   // probabilities are float32

    private sealed record Scored(bool Label, float Score, float Probability)
    {
        public bool PredictedLabel => Score > 0;

        [KeyType(2)]
        public uint Key => Label ? 1u : 0u;
    }

    private sealed record Guess(float Label, float Score);

    private sealed record Classified([property: KeyType(3)] uint Label, [property: VectorType(3)] float[] Score)
    {
        [KeyType(3)]
        public uint PredictedLabel { get; init; }
    }

    // Equal scores within a class, across the classes, and one at the threshold.
    private static readonly Scored[] Two =
    [
        new(true, 2, 0.9f), new(false, 2, 0.8f), new(true, 1, 0.75f), new(false, 0.5f, 0.6f), new(false, 0, 0.5f), new(true, -0.5f, 0.4f),
        new(true, 0.5f, 0.6f), new(false, -1, 0.3f), new(false, -2, 0.2f), new(false, 0.5f, 0.65f), new(false, -3, 0.1f), new(false, -1, 0.25f),
    ];

    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Label")]
    [DataRow("Key")]
    public void Evaluate_TwoClassesWithTies_AgreesWithScikitLearn(string label)
    {
        var metrics = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(Two), label);

        Assert.AreEqual(8 / 12.0, metrics.Accuracy, Close);
        Assert.AreEqual(0.765625, metrics.AreaUnderRocCurve, Close);
        Assert.AreEqual(0.6, metrics.F1Score, Close);
        Assert.AreEqual((0.5, 0.75), (metrics.PositivePrecision, metrics.PositiveRecall));
        Assert.AreEqual((5 / 6.0, 5 / 8.0), (metrics.NegativePrecision, metrics.NegativeRecall));
        Assert.AreEqual(0.8489921308545718, metrics.LogLoss, Close);
        Assert.AreEqual(0.9182958340544897, metrics.Entropy, Close);
        Assert.AreEqual(0.0754699091837604, metrics.LogLossReduction, Close);
        Assert.AreEqual("3 1 / 3 5", string.Join(" / ", metrics.ConfusionMatrix.Counts.Select(row => string.Join(' ', row))));
        // Not scikit-learn's average precision: trapezoids between the precision before and after each positive row.
        Assert.AreEqual((1 + (1 / 2.0 + 2 / 3.0) / 2 + (1 / 2.0 + 3 / 5.0) / 2 + (3 / 7.0 + 1 / 2.0) / 2) / 4, metrics.AreaUnderPrecisionRecallCurve, Close);
    }

    /// <summary>The example of scikit-learn's r2_score.</summary>
    [TestMethod]
    public void Evaluate_Numbers_AgreesWithScikitLearn()
    {
        Guess[] rows = [new(3, 2.5f), new(-0.5f, 0), new(2, 2), new(7, 8), new(float.NaN, 1)];
        var metrics = _ml.Regression.Evaluate(_ml.Data.LoadFromEnumerable(rows));

        Assert.AreEqual((0.5, 0.375), (metrics.MeanAbsoluteError, metrics.MeanSquaredError), "a row without a label does not count");
        Assert.AreEqual(Math.Sqrt(0.375), metrics.RootMeanSquaredError, 1e-12);
        Assert.AreEqual(0.375, metrics.LossFunction, 1e-12);
        Assert.AreEqual(0.9486081370449679, metrics.RSquared, 1e-12);
    }

    [TestMethod]
    public void Evaluate_OneClassOnly_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(Two.Where(row => row.Label))));

    [TestMethod]
    public void Evaluate_NoProbability_ThrowsAndNamesTheColumn()
    {
        var data = _ml.Transforms.SelectColumns("Label", "Score", "PredictedLabel").Fit(_ml.Data.LoadFromEnumerable(Two))
            .Transform(_ml.Data.LoadFromEnumerable(Two));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Evaluate(data));
        StringAssert.Contains(error.Message, "Probability");
    }

    [TestMethod]
    public void CrossValidate_TwoClasses_TestsEveryRowOnce()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(Two, 10).SelectMany(rows => rows));
        var folds = _ml.BinaryClassification.CrossValidate(data, _ml.Transforms.CopyColumns("Copy", "Score"), numberOfFolds: 3);
        Assert.HasCount(3, folds);
        Assert.AreEqual(120.0, folds.Sum(fold => fold.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())));
    }

    [TestMethod]
    public void Evaluate_ThreeClasses_AgreesWithScikitLearn()
    {
        Classified[] rows =
        [
            new(0, [0.7f, 0.2f, 0.1f]), new(1, [0.1f, 0.8f, 0.1f]), new(2, [0.3f, 0.3f, 0.4f]),
            new(1, [0.5f, 0.25f, 0.25f]), new(0, [0.4f, 0.35f, 0.25f]), new(2, [0.2f, 0.5f, 0.3f]),
        ];
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));
        Assert.AreEqual(4 / 6.0, metrics.MicroAccuracy, Close);
        Assert.AreEqual(4 / 6.0, metrics.MacroAccuracy, Close);
        Assert.AreEqual(0.833777854074513, metrics.LogLoss, Close);   // in nats, unlike that of two classes
        Assert.AreEqual(0.24106269092863108, metrics.LogLossReduction, Close);
        Assert.AreEqual("2 0 0 / 1 1 0 / 0 1 1", string.Join(" / ", metrics.ConfusionMatrix.Counts.Select(row => string.Join(' ', row))));
    }
}
