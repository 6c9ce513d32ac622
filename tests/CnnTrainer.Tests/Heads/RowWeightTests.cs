using CnnMlNet.Heads;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Heads;

/// <summary>The example weight column: how much each row counts.</summary>
[TestClass]
public sealed class RowWeightTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { ExampleWeightColumnName = "Weight", BatchSize = 1000, Shuffle = false };

    private readonly MLContext _ml = Some.Context();

    private sealed class Weighted
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public float Number { get; set; }

        public float Weight { get; set; }

        public int Count { get; set; }
    }

    public static IEnumerable<object[]> Heads =>
    [
        [Loss.CrossEntropy(), Head.Multiclass(), "Label"], [Loss.CrossEntropy(0.1, ClassWeights.Balanced()), Head.Multiclass(), "Label"],
        [Loss.Focal(2, ClassWeights.Of(1, 2, 3)), Head.Multiclass(), "Label"], [Loss.MeanSquaredError(), Head.Regression(), "Number"],
    ];

    /// <summary>Up to the order in which floats are summed.</summary>
    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Fit_Weights2And0_EqualTheRowTwiceAndAbsent(Loss loss, Head head, string label)
    {
        var options = Options with { Loss = loss, Head = head, LabelColumnName = label };
        var rows = Rows(row => row % 7 == 6 ? 0 : row % 5 == 0 ? 2 : 1);
        var repeated = rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight));
        using var weighted = new CnnTrainer(_ml, options).Fit(View(rows));
        using var twice = new CnnTrainer(_ml, options with { ExampleWeightColumnName = null }).Fit(View(repeated));
        using var plain = new CnnTrainer(_ml, options with { ExampleWeightColumnName = null }).Fit(View(rows));
        var (expected, actual, other) = (Scores(twice, rows), Scores(weighted, rows), Scores(plain, rows));
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-4, $"value {i}");
        Assert.IsGreaterThan(1e-3, expected.Zip(other, (one, two) => Math.Abs(one - two)).Max(), "without weights it is another network");
        for (int epoch = 0; epoch < 3; epoch++) Assert.AreEqual(twice.Model.History.Epochs[epoch].Loss, weighted.Model.History.Epochs[epoch].Loss, 1e-5);
    }

    [TestMethod]
    public void Fit_Weights1_LearnsWhatIsLearnedWithout()
    {
        var rows = Rows(_ => 1);
        using var weighted = new CnnTrainer(_ml, Options with { BatchSize = 16 }).Fit(View(rows));
        using var plain = new CnnTrainer(_ml, Options with { BatchSize = 16, ExampleWeightColumnName = null }).Fit(View(rows));
        foreach (var (one, other) in Scores(plain, rows).Zip(Scores(weighted, rows))) Assert.AreEqual(one, other, 1e-5);
    }

    [TestMethod]
    public void History_WeightedLoss_DoesNotDependOnTheBatches()
    {
        var data = View(Rows(row => row < 16 ? 0 : row % 3 + 0.5f));   // the first batch of 16 counts nothing
        var options = Options with { Epochs = 1, Optimizer = Optimizer.Sgd(1e-30) };
        using var one = new CnnTrainer(_ml, options).Fit(data, data);
        var seen = new List<BatchReport>();
        using var many = new CnnTrainer(_ml, options with { BatchSize = 16, OnBatchEnd = seen.Add }).Fit(data, data);
        var (whole, parts) = (one.Model.History.Epochs[0], many.Model.History.Epochs[0]);
        Assert.AreEqual(whole.Loss, parts.Loss, 1e-6);
        Assert.AreEqual(whole.Loss, parts.ValidationLoss!.Value, 1e-6, "validation rows have their weights too");
        Assert.AreEqual(whole.Accuracy, parts.Accuracy, "metrics count rows alike");
        Assert.AreEqual((0.0, 0.0), (seen[0].Loss, seen[0].EpochLoss), "a batch without weight is no loss, not a NaN");
    }

    [TestMethod]
    public void Loss_BatchWithoutWeight_IsZeroWithoutSlope()
    {
        using var scope = NewDisposeScope();
        var outputs = ones([2, 3]).with_requires_grad();
        using var criterion = new MulticlassCriterion(Loss.CrossEntropy(), [1, 2, 3], rowsWeigh: true, CPU);
        var loss = criterion.Loss(outputs, new LoadedBatch(outputs, tensor(new long[] { 0, 2 }), zeros([2])));
        loss.backward();
        Assert.AreEqual(0, loss.item<float>());
        Assert.IsTrue(outputs.grad!.data<float>().ToArray().All(slope => slope == 0));
    }

    [EachCulture]
    [DataRow(-1.5f, "-1.5")]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    public void Fit_WeightOutOfRange_NamesTheRow(float weight, string text)
    {
        var good = View(Rows(_ => 1));
        var bad = View(Rows(row => row == 4 ? weight : 1));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(bad));
        Assert.AreEqual($"Training row 4 (counting from 0): the example weight column 'Weight' is {text}; it must be at least 0 and at most 1e12.", error.Message);
        error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(good, bad));
        StringAssert.StartsWith(error.Message, "Validation row 4 (counting from 0): the example weight column 'Weight'");
    }

    [TestMethod]
    public void Fit_NoWeightAtAll_IsAnError()
    {
        var (good, bad) = (View(Rows(_ => 1)), View(Rows(_ => 0)));
        Assert.AreEqual("All 60 training rows have the example weight 0.", Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Options).Fit(bad)).Message);
        Assert.AreEqual("All 60 validation rows have the example weight 0.", Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Options).Fit(good, bad)).Message);
    }

    [TestMethod]
    public void Fit_ColumnMissingOrOfAnotherType_IsToldBeforeAnyRow()
    {
        var data = View(Rows(_ => 1));
        AssertMismatch("Could not find the example weight column 'Wait'.", Options with { ExampleWeightColumnName = "Wait" }, data);
        AssertMismatch(
            "The example weight column 'Count' is Int32, not Single: append ml.Transforms.Conversion.ConvertType(\"Count\", outputKind: DataKind.Single) before the trainer.",
            Options with { ExampleWeightColumnName = "Count" }, data);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Options).Fit(data, Some.Keyed(_ml)));
        StringAssert.Contains(error.Message, "Could not find the example weight column 'Weight'.");
    }

    [TestMethod]
    public void Transform_DataWithoutWeights_Works()
    {
        using var model = new CnnTrainer(_ml, Options).Fit(View(Rows(_ => 1)));
        Assert.HasCount(60, Some.Scores(model.Transform(Some.Images(_ml))));
    }

    private void AssertMismatch(string message, CnnTrainerOptions options, IDataView data)
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, options).Fit(data)).Message, message);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, options).GetOutputSchema(SchemaShape.Create(data.Schema))).Message, message);
    }

    private static List<Weighted> Rows(Func<int, float> weight) => [.. Some.Rows().Select((row, i) => new Weighted
    {
        Features = row.Features, Label = row.Label, Number = 100 + 10 * (row.Label[1] - '0') + i % 2, Weight = weight(i),
    })];

    private IDataView View(IEnumerable<Weighted> rows) => Some.WithKeys(_ml, Some.View(_ml, rows.ToList()));

    private float[] Scores(CnnTransformer model, List<Weighted> rows)
    {
        var scored = model.Transform(View(rows));
        return scored.Schema["Score"].Type is VectorDataViewType ? Some.FlatScores(scored) : [.. scored.GetColumn<float>("Score").Select(score => score / 10)];
    }
}
