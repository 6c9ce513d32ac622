using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace CnnMlNet.Tests.Scoring;

/// <summary>The trainer among ML.NET's own pieces.</summary>
[TestClass]
public sealed class PipelineTests
{
    private sealed class NamedPrediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class FeaturesOnly
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Pixels
    {
        [ColumnName("Features"), VectorType(64)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Chances
    {
        [ColumnName("Score")]
        public float[] Values { get; set; } = [];
    }

    private static readonly CnnTrainerOptions Options = Some.Options with { Epochs = 10 };
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Pipeline_FitAndEvaluate_LearnsTheClasses()
    {
        var model = Pipeline().Fit(Some.Images(_ml));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Some.Images(_ml, 45, seed: 2)));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.HasCount(3, metrics.PerClassLogLoss);
        ((IDisposable)model).Dispose();
    }

    [TestMethod]
    public void CrossValidate_ThreeFolds_ScoresEach()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Some.Images(_ml, 90), Pipeline(), numberOfFolds: 3, seed: 1);
        Assert.HasCount(3, folds);
        foreach (var fold in folds)
        {
            Assert.IsGreaterThan(0.9, fold.Metrics.MicroAccuracy);
            ((IDisposable)fold.Model).Dispose();
        }
    }

    [TestMethod]
    public void TrainTestSplit_OfMlNet_TrainsOnOnePartAndScoresTheOther()
    {
        var split = _ml.Data.TrainTestSplit(Some.Images(_ml, 120), testFraction: 0.3);
        using var model = Pipeline().Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        Assert.AreEqual(120, split.TrainSet.GetColumn<string>("Label").Count() + Some.Scores(scored).Length);
    }

    [TestMethod]
    public void Fit_KeysByValue_ScoresComeInTheirOrder()
    {
        var data = Some.View(_ml, Some.Rows().Reverse().ToList());   // c2 is seen first
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(new CnnTrainer(_ml, Some.Options)).Fit(data);
        Assert.AreEqual("c0 c1 c2", string.Join(' ', model.LastTransformer.Model.ClassNames));
    }

    [TestMethod]
    public void PredictionEngine_MembersOfOtherNames_BindByAttributes()
    {
        using var model = Some.Trained(_ml);
        var engine = _ml.Model.CreatePredictionEngine<Pixels, Chances>(model);
        Assert.AreEqual(1f, engine.Predict(new Pixels { Values = Some.Rows().First().Features }).Values.Sum(), 1e-5f);
    }

    [TestMethod]
    public void PredictionEngine_UnlabeledImage_NamesItsClass()
    {
        var model = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Some.Images(_ml));
        using var engine = _ml.Model.CreatePredictionEngine<ImageRow, NamedPrediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        foreach (var row in Some.Rows(9, seed: 5))
        {
            var prediction = engine.Predict(new ImageRow { Features = row.Features });
            Assert.AreEqual(row.Label, prediction.PredictedLabel);
            Assert.AreEqual(prediction.Score.Max(), prediction.Score[row.Label[1] - '0']);
        }
    }

    [TestMethod]
    public void PredictionEngine_ClassWithoutLabel_Works()
    {
        using var model = Some.Trained(_ml);
        var engine = _ml.Model.CreatePredictionEngine<FeaturesOnly, Prediction>(model, inputSchemaDefinition: Some.Definition<FeaturesOnly>());
        Assert.HasCount(3, engine.Predict(new FeaturesOnly { Features = new float[64] }).Score);
    }

    [TestMethod]
    public void PredictionEngine_SameRowObjectChanged_ScoresItsNewValues()
    {
        using var model = Some.Trained(_ml, Options);
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        var rows = Some.Rows(3).ToArray();
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3 }, rows.Select(row => engine.Predict(row).PredictedLabel).ToArray());
    }

    [TestMethod]
    public void Pipeline_ColumnsRenamedAndDropped_Works()
    {
        var renamed = _ml.Transforms.CopyColumns("Pixels", "Features")
            .Append(_ml.Transforms.CopyColumns("Class", "Label"))
            .Append(_ml.Transforms.SelectColumns("Pixels", "Class"));
        var pipeline = renamed
            .Append(_ml.Transforms.Conversion.MapValueToKey("Class"))
            .Append(new CnnTrainer(_ml, Options with { FeatureColumnName = "Pixels", LabelColumnName = "Class" }))
            .Append(_ml.Transforms.CopyColumns("Answer", "PredictedLabel"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer"))
            .Append(_ml.Transforms.SelectColumns("Answer", "Score"));
        var model = pipeline.Fit(Some.Images(_ml));
        var scored = model.Transform(Some.Images(_ml, 9, seed: 2));
        CollectionAssert.AreEqual(new[] { "Answer", "Score" }, scored.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(Some.Rows(9).Select(row => row.Label).ToArray(), scored.GetColumn<string>("Answer").ToArray());
        ((IDisposable)model).Dispose();
    }

    [TestMethod]
    public void Pipeline_HiddenColumns_TheLastOneCounts()
    {
        // The scaler writes a second Features column that hides the first, and a Score column of the input is hidden by ours.
        var pipeline = _ml.Transforms.CopyColumns("Score", "Features")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Transforms.StandardScale("Features"))
            .Append(new CnnTrainer(_ml, Options));
        var model = pipeline.Fit(Some.Images(_ml));
        var scored = model.Transform(Some.Images(_ml));
        Assert.HasCount(3, Some.Scores(scored)[0]);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        ((IDisposable)model).Dispose();
    }

    [TestMethod]
    public void Trainer_IsAnMlNetTrainer()
    {
        ITrainerEstimator<CnnTransformer, CnnModel> trainer = new CnnTrainer(_ml, Some.Options);
        Assert.IsFalse(trainer.Info.NeedNormalization);
        Assert.IsFalse(trainer.Info.WantCaching);
        using var model = Pipeline().Fit(Some.Images(_ml));
        ISingleFeaturePredictionTransformer<CnnModel> last = model.LastTransformer;
        Assert.AreEqual("Features", last.FeatureColumnName);
        Assert.HasCount(3, last.Model.ClassNames);
    }

    [TestMethod]
    public void Calls_WithNull_Throw()
    {
        using var model = Some.Trained(_ml);
        var trainer = new CnnTrainer(_ml, Some.Options);
        Assert.ThrowsExactly<ArgumentNullException>(() => trainer.Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => trainer.GetOutputSchema(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Transform(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.GetOutputSchema(null!));
    }

    [TestMethod]
    public void Dispose_Twice_IsHarmless()
    {
        var model = Some.Trained(_ml);
        model.Dispose();
        model.Dispose();
        model.Model.Dispose();
    }

    [TestMethod]
    public void Score_AfterDispose_Throws()
    {
        var model = Some.Trained(_ml);
        var scored = model.Transform(Some.Images(_ml));
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Some.Scores(scored));
        Assert.ThrowsExactly<ObjectDisposedException>(() => ModelZip.Save(_ml, model));
        Assert.HasCount(60, scored.GetColumn<string>("Label").ToArray(), "other columns need no network");
    }

    private EstimatorChain<CnnTransformer> Pipeline() => _ml.Transforms.Conversion.MapValueToKey("Label").Append(new CnnTrainer(_ml, Options));
}
