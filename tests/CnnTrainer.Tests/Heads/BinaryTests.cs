using System.Runtime.InteropServices;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Heads;

/// <summary>A classifier that says yes or no: ml.BinaryClassification.Trainers.Cnn.</summary>
[TestClass]
public sealed class BinaryTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Cnn_BothOverloads_LearnTheSame()
    {
        var data = YesOrNo.Images(_ml);
        using var common = new MLContext(7).BinaryClassification.Trainers.Cnn(architecture: Some.Network, epochs: 3, batchSize: 16, learningRate: 1e-2).Fit(data);
        using var all = _ml.BinaryClassification.Trainers.Cnn(Some.Options with { Threads = null, Head = Head.Multiclass() }).Fit(data);
        using var made = new CnnTrainer(_ml, Some.Options with { Threads = null, Head = Head.Binary() }).Fit(data);
        CollectionAssert.AreEqual(Scores(made, data), Scores(common, data));
        CollectionAssert.AreEqual(Scores(made, data), Scores(all, data));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.BinaryClassification.Trainers.Cnn((CnnTrainerOptions)null!));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.BinaryClassification.Trainers.Cnn(epochs: 0));
    }

    [TestMethod]
    public void Transform_Columns_HaveTheTypesOfABinaryClassifier()
    {
        var data = YesOrNo.Images(_ml);
        using var model = Fit();
        var schema = model.Transform(data).Schema;
        Assert.AreEqual("Features Label Score Probability PredictedLabel", string.Join(' ', schema.Select(column => column.Name)));
        Assert.AreEqual(NumberDataViewType.Single, schema["Score"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Probability"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        foreach (var name in new[] { "Score", "Probability", "PredictedLabel" })
        {
            Assert.AreEqual("BinaryClassification", Annotations.Text(schema[name], "ScoreColumnKind"));
            Assert.AreEqual(name, Annotations.Text(schema[name], "ScoreValueKind"));
            Assert.AreEqual(1u, Annotations.Set(schema[name]));
        }

        bool normalized = false;
        schema["Probability"].Annotations.GetValue("IsNormalized", ref normalized);
        Assert.IsTrue(normalized);
        CollectionAssert.AreEqual(new[] { "False", "True" }, model.Model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Transform_Values_AreLogitSigmoidAndSide()
    {
        using var model = Fit();
        var scored = model.Transform(YesOrNo.Images(_ml, seed: 2));
        var (scores, probabilities, predicted) = (
            scored.GetColumn<float>("Score").ToArray(), scored.GetColumn<float>("Probability").ToArray(), scored.GetColumn<bool>("PredictedLabel").ToArray());
        Assert.IsTrue(predicted.Contains(true) && predicted.Contains(false));
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-scores[i])), probabilities[i], 1e-6);
            Assert.AreEqual(probabilities[i] > 0.5, predicted[i]);
        }
    }

    [TestMethod]
    public void GetOutputSchema_OfTheEstimator_EqualsTheRealOne()
    {
        var data = YesOrNo.Images(_ml);
        using var model = Fit();
        Annotations.AssertSame(
            new CnnTrainer(_ml, Options).GetOutputSchema(SchemaShape.Create(data.Schema)), SchemaShape.Create(model.GetOutputSchema(data.Schema)));
    }

    [TestMethod]
    public void Evaluate_LearnableSet_AgreesWithTheValidation()
    {
        var test = YesOrNo.Images(_ml, rows: 90, seed: 5);
        using var model = new CnnTrainer(_ml, Options with { Epochs = 12 }).Fit(YesOrNo.Images(_ml), test);
        var metrics = _ml.BinaryClassification.Evaluate(model.Transform(test));
        var last = model.Model.History.Epochs[^1];
        Assert.IsGreaterThan(0.95, metrics.Accuracy);
        Assert.IsGreaterThan(0.98, metrics.AreaUnderRocCurve);
        Assert.AreEqual(metrics.Accuracy, last.ValidationAccuracy!.Value, 1e-9);
        Assert.AreEqual(metrics.LogLoss * Math.Log(2), last.ValidationLoss!.Value, 1e-4, "ML.NET's binary log-loss is in bits");
    }

    [TestMethod]
    public void CrossValidate_TwoFolds_Works()
    {
        var results = _ml.BinaryClassification.CrossValidate(YesOrNo.Images(_ml, rows: 90), _ml.BinaryClassification.Trainers.Cnn(Options with { Epochs = 12 }), numberOfFolds: 2);
        Assert.IsTrue(results.All(result => result.Metrics.Accuracy > 0.9));
    }

    [TestMethod]
    public void Save_InAnotherProcess_GivesTheSameBits()
    {
        using var folder = new TempFolder();
        using var model = Fit();
        _ml.Model.Save(model, null, folder.File("model.zip"));
        var (code, _, errors) = ProbeProcess.Run("score-binary", folder.File("model.zip"), folder.File("scores.bin"));
        Assert.AreEqual(0, code, errors);
        CollectionAssert.AreEqual(Scores(model, Some.Images(_ml)), MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.File("scores.bin"))).ToArray());
        using var loaded = (CnnTransformer)_ml.Model.Load(folder.File("model.zip"), out _);
        Assert.AreEqual(model.Model.History, loaded.Model.History);
        Assert.AreEqual("Probability", loaded.ProbabilityColumnName);
    }

    [TestMethod]
    public void PredictionEngine_OneRow_GivesAllThree()
    {
        var model = Fit();
        using var engine = _ml.Model.CreatePredictionEngine<YesOrNo, YesOrNoPrediction>(model, inputSchemaDefinition: Some.Definition<YesOrNo>());
        var expected = Scores(model, YesOrNo.Images(_ml))[3];
        var row = _ml.Data.CreateEnumerable<YesOrNo>(YesOrNo.Images(_ml), false).ElementAt(3);
        var prediction = engine.Predict(row);
        Assert.AreEqual(expected, prediction.Score, 1e-6f);
        Assert.AreEqual(prediction.Score > 0, prediction.PredictedLabel);
        Assert.AreEqual(1 / (1 + Math.Exp(-prediction.Score)), prediction.Probability, 1e-6);
    }

    [TestMethod]
    public void Fit_LabelThatIsNotBoolean_SaysHowToMakeItSo()
    {
        foreach (var data in new[] { Some.Keyed(_ml), Some.Images(_ml) })
        {
            var trainer = new CnnTrainer(_ml, Options);
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data));
            StringAssert.Contains(error.Message, "not Boolean: a binary classifier learns true and false (see ml.Transforms.Conversion.ConvertType(\"Label\", outputKind: DataKind.Boolean) and MapValue).");
            error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShape.Create(data.Schema)));
            StringAssert.Contains(error.Message, "not Boolean");
        }

        var wrong = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(YesOrNo.Images(_ml)));
        StringAssert.Contains(wrong.Message, "not a key: append ml.Transforms.Conversion.MapValueToKey(\"Label\")");
    }

    [TestMethod]
    public void Fit_OnlyOneClass_IsAnError()
    {
        var data = Some.View(_ml, _ml.Data.CreateEnumerable<YesOrNo>(YesOrNo.Images(_ml), false).Where(row => row.Label).ToList());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(_ml, Options).Fit(data));
        Assert.AreEqual("All 40 training rows have the label 'True': a classifier needs rows of both.", error.Message);
    }

    [TestMethod]
    public void Fit_ValidationFraction_HoldsOutTheSameShareOfBoth()
    {
        using var model = new CnnTrainer(_ml, Options with { ValidationFraction = 0.25 }).Fit(YesOrNo.Images(_ml));
        Assert.AreEqual((45L, 15L), (model.Model.History.TrainingRows, model.Model.History.ValidationRows));
        Assert.IsTrue(model.Model.History.Epochs.All(epoch => epoch is { ValidationAccuracy: >= 0 and <= 1, ValidationLoss: > 0 }));
    }

    [TestMethod]
    public void Loss_AndItsGradient_EqualTheFormula()
    {
        using var scope = NewDisposeScope();
        float[] logits = [-80, -2.5f, -0.1f, 0, 0.3f, 4, 90], labels = [0, 1, 0, 1, 1, 0, 0];
        var outputs = tensor(logits, [7, 1]).with_requires_grad();
        var batch = new LoadedBatch(zeros([7]), tensor(labels));
        using var criterion = new BinaryCriterion(Loss.CrossEntropy(), null, rowsWeigh: false, CPU);
        var loss = criterion.Loss(outputs, batch);
        loss.backward();

        // PyTorch's BCEWithLogitsLoss: max(z, 0) - z y + log(1 + exp(-|z|)), its slope (sigmoid(z) - y) / N.
        double expected = logits.Zip(labels, (z, y) => Math.Max(z, 0) - z * y + Math.Log(1 + Math.Exp(-Math.Abs(z)))).Average();
        Assert.AreEqual(expected, loss.item<float>(), 1e-5);
        var slopes = outputs.grad!.data<float>().ToArray();
        for (int i = 0; i < 7; i++) Assert.AreEqual((1 / (1 + Math.Exp(-logits[i])) - labels[i]) / 7, slopes[i], 1e-6);
        Assert.AreEqual(3f, criterion.Measure(outputs.detach(), batch).item<float>(), "a logit of 0 is a no");
    }

    private static CnnTrainerOptions Options => Some.Options with { Head = Head.Binary() };

    private CnnTransformer Fit() => new CnnTrainer(_ml, Options with { Epochs = 12 }).Fit(YesOrNo.Images(_ml));

    private static float[] Scores(CnnTransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];
}
