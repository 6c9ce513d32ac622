using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Heads;

/// <summary>Numbers: ml.Regression.Trainers.Cnn.</summary>
[TestClass]
public sealed class RegressionTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Head = Head.Regression(), Epochs = 30 };

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Cnn_BothOverloads_LearnTheSame()
    {
        var data = Data();
        using var common = new MLContext(7).Regression.Trainers.Cnn(architecture: Some.Network, epochs: 3, batchSize: 16, learningRate: 1e-2).Fit(data);
        using var all = _ml.Regression.Trainers.Cnn(Some.Options with { Threads = null }).Fit(data);
        using var made = new CnnTrainer(_ml, Some.Options with { Threads = null, Head = Head.Regression() }).Fit(data);
        CollectionAssert.AreEqual(Scores(made, data), Scores(common, data));
        CollectionAssert.AreEqual(Scores(made, data), Scores(all, data));
        using var plain = _ml.Regression.Trainers.Cnn(Some.Options with { Threads = null, Head = Head.Regression(standardize: false) }).Fit(data);
        CollectionAssert.AreNotEqual(Scores(made, data), Scores(plain, data), "a head of regression is kept as it is");
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Regression.Trainers.Cnn((CnnTrainerOptions)null!));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Regression.Trainers.Cnn(epochs: 0));
    }

    /// <summary>Labels of any size and place, as house prices are, are learned as those near 0 are.</summary>
    [TestMethod]
    [DataRow(1f, 0f)]
    [DataRow(2e5f, 3e5f)]
    [DataRow(1e-4f, -7f)]
    public void Evaluate_BrightnessOfAnImage_IsLearnedInItsUnits(float scale, float shift)
    {
        var test = Brightness.View(_ml, Brightness.Rows(90, scale, shift, seed: 5));
        using var model = new CnnTrainer(_ml, Options).Fit(Data(scale, shift), test);
        var metrics = _ml.Regression.Evaluate(model.Transform(test));
        Assert.IsGreaterThan(0.98, metrics.RSquared);
        Assert.IsLessThan(0.03 * scale, metrics.RootMeanSquaredError);

        // The reports say the same of the validation rows, over every row.
        var last = model.Model.History.Epochs[^1].ValidationMetrics!;
        Assert.AreEqual(metrics.MeanAbsoluteError, last["mean absolute error"], 1e-3 * metrics.MeanAbsoluteError + 1e-6 * Math.Abs(shift));
        Assert.AreEqual(metrics.RootMeanSquaredError, last["root mean squared error"], 1e-3 * metrics.RootMeanSquaredError + 1e-6 * Math.Abs(shift));
        Assert.IsNull(model.Model.History.Epochs[^1].Accuracy);
    }

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void Fit_EveryLossWithoutStandardizing_Learns(Loss loss)
    {
        using var model = new CnnTrainer(_ml, Options with { Head = Head.Regression(standardize: false), Loss = loss }).Fit(Data());
        var metrics = _ml.Regression.Evaluate(model.Transform(Data()));
        Assert.IsGreaterThan(0.95, metrics.RSquared);
    }

    public static IEnumerable<object[]> Losses => [[Loss.MeanSquaredError()], [Loss.MeanAbsoluteError()], [Loss.Huber(0.1)]];

    [TestMethod]
    public void Fit_NotStandardized_LossIsTheMetricSquared()
    {
        using var model = new CnnTrainer(_ml, Options with { Epochs = 1, Head = Head.Regression(standardize: false) }).Fit(Data(10, 3), Data(10, 3));
        var epoch = model.Model.History.Epochs[0];
        Assert.AreEqual(epoch.ValidationLoss!.Value, Math.Pow(epoch.ValidationMetrics!["root mean squared error"], 2), 1e-4);
        Assert.AreEqual(epoch.Loss, Math.Pow(epoch.Metrics["root mean squared error"], 2), 1e-4);
    }

    [TestMethod]
    public void Transform_SeveralOutputs_EachInItsUnits()
    {
        var data = Data(1000, 5000);
        using var model = new CnnTrainer(_ml, Options with { LabelColumnName = "Both", Epochs = 40 }).Fit(data);
        var scored = model.Transform(data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), scored.Schema["Score"].Type);
        Assert.AreEqual("MultiOutputRegression", Annotations.Text(scored.Schema["Score"], "ScoreColumnKind"));
        var (scores, labels) = (Some.Scores(scored), Some.Scores(scored, "Both"));
        Assert.IsLessThan(40, scores.Zip(labels, (score, label) => Math.Abs(score[0] - label[0])).Average());
        Assert.IsLessThan(0.05, scores.Zip(labels, (score, label) => Math.Abs(score[1] - label[1])).Average());
        Assert.IsEmpty(model.Model.ClassNames);
        StringAssert.StartsWith(model.Model.ToString(), "Images of 1 x 8 x 8, 2 outputs");
    }

    [TestMethod]
    public void Transform_Columns_AreThoseOfMlNetsRegression()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression() }).Fit(Data());
        var unlabeled = Some.View(_ml, Some.Rows().ToList());
        var schema = model.Transform(unlabeled).Schema;
        Assert.AreEqual("Features Label Score", string.Join(' ', schema.Select(column => column.Name)));
        Assert.AreEqual(NumberDataViewType.Single, schema["Score"].Type);
        Assert.AreEqual(("Regression", "Score", 1u), (Annotations.Text(schema["Score"], "ScoreColumnKind"), Annotations.Text(schema["Score"], "ScoreValueKind"), Annotations.Set(schema["Score"])));
        Assert.AreEqual(60, model.Transform(unlabeled).GetColumn<float>("Score").Count(float.IsFinite));
    }

    [TestMethod]
    [DataRow("Label")]
    [DataRow("Both")]
    public void GetOutputSchema_OfTheEstimator_EqualsTheRealOne(string label)
    {
        var options = Some.Options with { Head = Head.Regression(), LabelColumnName = label, PredictedLabelColumnName = "Features" };   // which it does not make
        using var model = new CnnTrainer(_ml, options).Fit(Data());
        Annotations.AssertSame(new CnnTrainer(_ml, options).GetOutputSchema(SchemaShape.Create(Data().Schema)), SchemaShape.Create(model.GetOutputSchema(Data().Schema)));
    }

    [TestMethod]
    [DataRow("Label")]
    [DataRow("Both")]
    public void Save_AndLoad_GivesTheSameBits(string label)
    {
        var data = Data(200, 50);
        using var model = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression(), LabelColumnName = label }).Fit(data);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        Assert.AreEqual(model.Transform(data).Schema.ToString(), loaded.Transform(data).Schema.ToString());
        CollectionAssert.AreEqual(AllScores(model, data), AllScores(loaded, data));
        Assert.AreEqual(model.Model.History, loaded.Model.History);
        Assert.AreEqual(label == "Both" ? 2 : 1, loaded.Model.Content.Head.Outputs);
    }

    [TestMethod]
    public void PredictionEngine_OneRow_GivesTheNumbers()
    {
        var row = Brightness.Rows()[3];
        var one = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression() }).Fit(Data());
        float expected = Scores(one, Data())[3];
        using (var engine = _ml.Model.CreatePredictionEngine<Brightness, BrightnessPrediction>(one, inputSchemaDefinition: Some.Definition<Brightness>()))
            Assert.AreEqual(expected, engine.Predict(row).Score, 1e-5f);

        var several = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression(), LabelColumnName = "Both" }).Fit(Data());
        var both = Some.Scores(several.Transform(Data()))[3];
        using (var engine = _ml.Model.CreatePredictionEngine<Brightness, BothPrediction>(several, inputSchemaDefinition: Some.Definition<Brightness>()))
            CollectionAssert.AreEqual(both, engine.Predict(row).Score, Comparer<float>.Create((a, b) => Math.Abs(a - b) < 1e-5 ? 0 : 1));
    }

    [TestMethod]
    public void CrossValidate_TwoFolds_Works()
    {
        var results = _ml.Regression.CrossValidate(Data(), _ml.Regression.Trainers.Cnn(Options), numberOfFolds: 2);
        Assert.IsTrue(results.All(result => result.Metrics.RSquared > 0.9));
    }

    [TestMethod]
    public void Fit_ValidationFraction_HoldsOutAShareOfTheRows()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression(), ValidationFraction = 0.25 }).Fit(Data());
        Assert.AreEqual((90L, 30L), (model.Model.History.TrainingRows, model.Model.History.ValidationRows));
    }

    /// <summary>The mean and the deviation are those of the rows that are trained on.</summary>
    [TestMethod]
    public void Fit_LabelsOfTheValidationRows_DoNotMoveTheStandard()
    {
        var rows = Brightness.Rows();
        var other = Brightness.View(_ml, Brightness.Rows(30, 1e6f, -1e5f));
        using var one = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression() }).Fit(Data(), other);
        using var alone = new CnnTrainer(_ml, Some.Options with { Head = Head.Regression() }).Fit(Data());
        CollectionAssert.AreEqual(Scores(alone, Data()), Scores(one, Data()));
        var head = (CnnMlNet.Heads.Regression)one.Model.Content.Head;
        double mean = rows.Average(row => (double)row.Label);
        Assert.AreEqual(mean, head.Means[0], 1e-6);
        Assert.AreEqual(Math.Sqrt(rows.Average(row => Math.Pow(row.Label - mean, 2))), head.Deviations[0], 1e-6);
    }

    [TestMethod]
    public void Fit_LabelsAllTheSame_AreLearnedAsTheyAre()
    {
        var rows = Brightness.Rows();
        rows.ForEach(row => row.Label = 1234.5f);
        using var model = new CnnTrainer(_ml, Options).Fit(Brightness.View(_ml, rows));
        Assert.IsTrue(Scores(model, Data()).All(score => Math.Abs(score - 1234.5) < 1));
    }

    [TestMethod]
    public void Fit_LabelOfAnotherType_SaysHowToConvertIt()
    {
        var shapeless = SchemaDefinition.Create(typeof(Brightness));
        shapeless["Features"].ColumnType = Some.Definition<Brightness>()["Features"].ColumnType;
        var loose = _ml.Data.LoadFromEnumerable(Brightness.Rows(), shapeless);
        AssertMismatch("Wide", Data(), "The label column 'Wide' is Double, not Single: append ml.Transforms.Conversion.ConvertType(\"Wide\", outputKind: DataKind.Single) before the trainer.");
        AssertMismatch("Label", Some.Images(_ml), "The label column 'Label' is String, not Single");
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Options with { LabelColumnName = "Both" }).Fit(loose));
        StringAssert.Contains(error.Message, "The label column 'Both' is a vector whose length is not known: say it, for 4 numbers a row as [VectorType(4)]");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Options with { LabelColumnName = "Both" }).Fit(Data(), Narrow()));
        StringAssert.Contains(error.Message, "The validation labels are vectors of 1 numbers, but the training labels are vectors of 2 numbers.");

        void AssertMismatch(string label, IDataView data, string message)
        {
            var trainer = new CnnTrainer(_ml, Options with { LabelColumnName = label });
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message, message);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShape.Create(data.Schema))).Message, message);
        }
    }

    [EachCulture]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Fit_LabelNotFinite_NamesTheRow(float value, string text)
    {
        var rows = Brightness.Rows();
        (rows[5].Label, rows[6].Both[1]) = (value, value);
        var data = Brightness.View(_ml, rows);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(data));
        Assert.AreEqual($"Training row 5 (counting from 0): the label column 'Label' is {text}; finite numbers are needed (see ml.Data.FilterRowsByMissingValues).", error.Message);
        error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options with { LabelColumnName = "Both" }).Fit(data));
        StringAssert.Contains(error.Message, $"Training row 6 (counting from 0): value 1 of the column 'Both' is {text};");
    }

    private IDataView Data(float scale = 1, float shift = 0) => Brightness.View(_ml, Brightness.Rows(scale: scale, shift: shift));

    private IDataView Narrow() => _ml.Transforms.Concatenate("Both", "Label").Fit(Data()).Transform(Data());

    private static float[] Scores(CnnTransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private static float[] AllScores(CnnTransformer model, IDataView data) =>
        model.Transform(data).Schema["Score"].Type is VectorDataViewType ? Some.FlatScores(model.Transform(data)) : Scores(model, data);
}
