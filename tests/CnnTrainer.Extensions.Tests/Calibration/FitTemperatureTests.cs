using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Calibration;

/// <summary>ml.MulticlassClassification.FitTemperature: against torch's LBFGS, where there is no minimum, and on an over-fitted network.</summary>
[TestClass]
public sealed class FitTemperatureTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed record Case(string Name, float[][] Logits, int[] Labels, double Temperature, double LossBefore, double LossAfter);

    private sealed record Recorded(Case[] Cases);

    private sealed class Scored
    {
        public uint Label { get; set; }

        public float[] Logits { get; set; } = [];
    }

    private sealed class YesScored
    {
        public bool Label { get; set; }

        public float Score { get; set; }
    }

    public static IEnumerable<object[]> Names => Read().Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Fit_RecordedLogits_EqualsTorchLbfgs(string name)
    {
        var expected = Read().Single(one => one.Name == name);
        var fit = _ml.MulticlassClassification.FitTemperature(View(expected.Logits, expected.Labels));
        Assert.AreEqual(expected.Temperature, fit.Temperature, 1e-6 * expected.Temperature);
        Assert.AreEqual(expected.LossBefore, fit.LogLossBefore, 1e-9);
        Assert.AreEqual(expected.LossAfter, fit.LogLossAfter, 1e-9);
        Assert.AreEqual(expected.Labels.Length, fit.Rows);
    }

    [TestMethod]
    public void Fit_OverfittedNetwork_LowersTheCalibrationErrorOfOtherRows()
    {
        var options = Some.Options with { Epochs = 60, Optimizer = Optimizer.Adam(0.02), ExtraColumns = [ExtraColumn.Logits()] };
        using var model = _ml.MulticlassClassification.Trainers.Cnn(options).Fit(Noisy(40, seed: 1));
        var fit = _ml.MulticlassClassification.FitTemperature(model.Transform(Noisy(300, seed: 2)));
        Assert.IsGreaterThan(1, fit.Temperature);
        Assert.IsLessThan(fit.LogLossBefore, fit.LogLossAfter);

        using var calibrated = model.With([ExtraColumn.Logits(), ExtraColumn.Calibrated(fit.Temperature)]);
        var test = calibrated.Transform(Noisy(300, seed: 3));
        var (before, after) = (ErrorByHand(test, "Score"), ErrorByHand(test, "CalibratedProbabilities"));
        Assert.IsGreaterThan(0.1, before);
        Assert.IsLessThan(before / 2, after);
        double measured = _ml.MulticlassClassification.FitTemperature(test).ExpectedCalibrationErrorBefore;
        Assert.AreEqual(before, measured, 1e-5);
        foreach (var (score, probabilities) in Some.Scores(test).Zip(Some.Scores(test, "CalibratedProbabilities")))
            Assert.AreEqual(Array.IndexOf(score, score.Max()), Array.IndexOf(probabilities, probabilities.Max()), "the class stays");
    }

    [TestMethod]
    public void Fit_NoMinimum_EndsAtABound()
    {
        float[][] rows = [[3, 0, 0], [0, 2, 1]];
        Assert.AreEqual(0.01, Fit(rows, [0, 1]), "all right");
        Assert.AreEqual(0.01, Fit(rows[..1], [0]), "one row");
        Assert.AreEqual(100, Fit(rows, [1, 0]), "all wrong");
        Assert.AreEqual(1, Fit([[2, 2, 2], [-1, -1, -1]], [0, 1]), "the logits say nothing");
        Assert.AreEqual(1, Fit([[5], [7]], [0, 0]), "one class");
        Assert.AreEqual(1, Fit([[1e30f, -1e30f], [-3e38f, 3e38f]], [0, 1]), "the loss is 0 at all of them");
        Assert.AreEqual(100, Fit([[1e30f, -1e30f], [-3e38f, 3e38f]], [1, 0]), "huge and wrong");
    }

    [TestMethod]
    public void Fit_CalibrationError_IsThatByHand()
    {
        // Confidences 0.75 (right), 0.75 (wrong) and 0.5 (right, of equal logits the first): bins 12 and 8 of 15.
        float three = MathF.Log(3);
        var fit = _ml.MulticlassClassification.FitTemperature(View([[three, 0], [three, 0], [1, 1]], [0, 1, 0]));
        double error = fit.ExpectedCalibrationErrorBefore;
        Assert.AreEqual((Math.Abs(1.5 - 1) + Math.Abs(0.5 - 1)) / 3, error, 1e-7);
    }

    [EachCulture]
    public void ToString_OfAFit_IsOneLine() => Assert.AreEqual(
        "Temperature 100.0000: log loss 2.5000 -> 0.7064, expected calibration error 0.5000 -> 0.0000 (2 rows)",
        (_ml.MulticlassClassification.FitTemperature(View([[5, 0], [0, 0]], [1, 0])) with { LogLossBefore = 2.5, LogLossAfter = 0.7064, ExpectedCalibrationErrorBefore = 0.5, ExpectedCalibrationErrorAfter = 0 }).ToString());

    [TestMethod]
    public void Fit_YesAndNo_IsThatOfTwoClasses()
    {
        float[] scores = [3, -2, 4, 1, -5, 2, 0.5f];
        bool[] labels = [true, false, false, true, false, true, false];
        var fit = _ml.BinaryClassification.FitTemperature(_ml.Data.LoadFromEnumerable(scores.Zip(labels, (score, label) => new YesScored { Score = score, Label = label }).ToList()));
        var other = _ml.MulticlassClassification.FitTemperature(View([.. scores.Select(score => new[] { -score / 2, score / 2 })], [.. labels.Select(label => label ? 1 : 0)]));
        Assert.AreEqual(other.Temperature, fit.Temperature, 1e-9);
        Assert.AreEqual(other.LogLossAfter, fit.LogLossAfter, 1e-9);
        var (error, same) = (fit.ExpectedCalibrationErrorAfter, other.ExpectedCalibrationErrorAfter);
        Assert.AreEqual(same, error, 1e-9);
        Assert.IsLessThan(fit.LogLossBefore, fit.LogLossAfter);
    }

    [EachCulture]
    public void Fit_WhatDoesNotFit_SaysSo()
    {
        StringAssert.Contains(Mismatch(Some.Keyed(_ml)), "There is no logits column 'Logits': score with a model that adds it, model.With([ExtraColumn.Logits(\"Logits\")]).");
        StringAssert.Contains(Mismatch(Some.Images(_ml)), "The label column 'Label' is String; a key is needed, as MapValueToKey makes it.");
        StringAssert.Contains(Mismatch(View([[1, 2]], [0], classes: 3)), "The logits column 'Logits' has 2 values, but the label column 'Label' has 3 classes.");
        var row = Assert.ThrowsExactly<InvalidDataException>(() => Fit([[1, 2], [1, float.NaN]], [0, 1]));
        StringAssert.Contains(row.Message, "Row 1 (counting from 0): the column 'Logits' has the logit NaN, which is not a finite number.");
        Assert.AreEqual(
            "There are no rows to fit a temperature on.", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.FitTemperature(View([], []))).Message);
        using var model = _ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Epochs = 1, ExtraColumns = [ExtraColumn.Logits()] }).Fit(Some.Keyed(_ml));
        var otherOrder = Some.WithKeys(_ml, Some.View(_ml, Some.Rows(9).Reverse().ToList()));
        StringAssert.Contains(Mismatch(model.Transform(otherOrder)), "is of the classes c0, c1, c2, but the label column 'Label' has the key values c2, c1, c0");
    }

    private static Case[] Read() => JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("temperature.json")), JsonSerializerOptions.Web)!.Cases;

    /// <summary>Images that say little of their label: what is learned of them by heart is false elsewhere.</summary>
    private IDataView Noisy(int rows, int seed)
    {
        var random = new Random(seed);
        var noisy = Some.Rows(rows, seed: seed).Select(row => new ImageRow { Features = [.. row.Features.Select(pixel => 0.1f * pixel + random.NextSingle())], Label = row.Label }).ToList();
        return Some.WithKeys(_ml, Some.View(_ml, noisy));
    }

    private static double ErrorByHand(IDataView scored, string column)
    {
        var labels = scored.GetColumn<uint>("Label").ToArray();
        var rows = Some.Scores(scored, column).Select((row, i) => (Confidence: row.Max(), Hit: Array.IndexOf(row, row.Max()) + 1 == labels[i] ? 1f : 0)).ToList();
        return rows.GroupBy(row => Math.Ceiling(row.Confidence * 15)).Sum(bin => Math.Abs(bin.Sum(row => (double)row.Confidence - row.Hit))) / rows.Count;
    }

    private double Fit(float[][] logits, int[] labels) => _ml.MulticlassClassification.FitTemperature(View(logits, labels)).Temperature;

    private string Mismatch(IDataView data) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.FitTemperature(data)).Message;

    private IDataView View(float[][] logits, int[] labels, int? classes = null)
    {
        var definition = SchemaDefinition.Create(typeof(Scored));
        int size = logits.Length == 0 ? 2 : logits[0].Length;
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), classes ?? size);
        definition["Logits"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        return _ml.Data.LoadFromEnumerable(logits.Zip(labels, (row, label) => new Scored { Logits = row, Label = (uint)label }).ToList(), definition);
    }
}
