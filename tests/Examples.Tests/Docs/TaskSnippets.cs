using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class TaskSnippets : Snippet
{
    [TestMethod]
    public void YesOrNo()
    {
        var rows = Some.Rows().Select(row => new YesRow { Features = row.Features, Label = row.Label == "c0" }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);

        var trainer = ml.BinaryClassification.Trainers.Cnn(new CnnTrainerOptions
        {
            Loss = Loss.Focal(classWeights: ClassWeights.Of(1, 3)),              // false, true
            ProbabilityColumnName = "Probability",                               // the default
        });
        using var model = trainer.Fit(data);
        var metrics = ml.BinaryClassification.Evaluate(model.Transform(data));

        Assert.IsGreaterThan(0.9, metrics.AreaUnderRocCurve);
    }

    [TestMethod]
    public void Numbers()
    {
        var data = NumberRows();

        var trainer = ml.Regression.Trainers.Cnn(new CnnTrainerOptions
        {
            Head = Head.Regression(standardize: true),                           // the default: learns labels of any size
            Loss = Loss.Huber(delta: 1),                                         // or Loss.MeanSquaredError() (the default), Loss.MeanAbsoluteError()
            Epochs = 20,
        });
        using var model = trainer.Fit(data);
        var metrics = ml.Regression.Evaluate(model.Transform(data));

        Assert.IsGreaterThan(0.5, metrics.RSquared);
        foreach (var loss in new[] { Loss.MeanSquaredError(), Loss.MeanAbsoluteError() })
            ml.Regression.Trainers.Cnn(new CnnTrainerOptions { Loss = loss, Epochs = 1 }).Fit(data).Dispose();
    }

    [TestMethod]
    public void Pixels()
    {
        var data = Blobs.View(ml);

        var trainer = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
        {
            Head = Head.PerPixel(),                                              // [KeyType(3), VectorType(8, 6)] uint[] Label
            Architecture = CnnArchitecture.UNet(channels: 8, depth: 1),          // ends in Layer.Output() after an image of the same size
            Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(1)),   // moves the labels, too
            Epochs = 20, BatchSize = 8, Optimizer = Optimizer.Adam(0.01),
        });
        using var model = trainer.Fit(data);
        var metrics = ml.MulticlassClassification.EvaluatePerPixel(model.Transform(data));
        Console.WriteLine(metrics);                                              // accuracy, mean IoU, a row for each class
        Console.WriteLine(CnnArchitecture.UNet().Summarize(new ImageShape(1, 48, 48), outputs: 4, perPixel: true));

        Assert.IsGreaterThan(0.5, metrics.MeanIoU);
    }

    [TestMethod]
    public void SeveralNumbers()
    {
        var rows = Some.Rows().Select((row, i) => new PlaceRow { Features = row.Features, Place = [i % 3, 100 - i % 3] }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);

        var options = new CnnTrainerOptions { LabelColumnName = "Place" };       // [VectorType(2)] float[] Place: two outputs
        using var model = ml.Regression.Trainers.Cnn(options).Fit(data);
        var first = model.Transform(data).GetColumn<float[]>("Score").First();   // two numbers, in the label's units

        Assert.HasCount(2, first);
    }

    [TestMethod]
    public void WithoutTheCatalog()
    {
        var trainer = new CnnTrainer(ml, new CnnTrainerOptions { Head = Head.Multiclass() });   // or Head.Binary(), Head.Regression(), Head.PerPixel()

        trainer.Fit(train).Dispose();
        var rows = Some.Rows().Select(row => new YesRow { Features = row.Features, Label = row.Label == "c0" }).ToList();
        new CnnTrainer(ml, new CnnTrainerOptions { Head = Head.Binary() }).Fit(ml.Data.LoadFromEnumerable(rows)).Dispose();
    }

    [TestMethod]
    public void MoreColumns()
    {
        var options = new CnnTrainerOptions
        {
            ExtraColumns = [ExtraColumn.TopK(2), ExtraColumn.Logits(), ExtraColumn.Probabilities(), ExtraColumn.Embedding()],
        };
        using var model = Fit(options);
        using var other = model.With(extraColumns: [ExtraColumn.Embedding("FirstLayer", layer: "0")]);   // the same weights

        CollectionAssert.IsSubsetOf(
            new[] { "TopLabels", "TopProbabilities", "Logits", "Probabilities", "Embedding" }, model.Transform(test).Schema.Select(column => column.Name).ToArray());
        Assert.HasCount(16 * 8 * 8, other.Transform(test).GetColumn<float[]>("FirstLayer").First());
    }

    [TestMethod]
    public void HowSureAndWhy()
    {
        using var folder = new TempFolder();
        var (path, rows) = (folder.File("model.zip"), Some.Rows().ToList());

        var pipeline = ml.Transforms.StandardScale("Features")
            .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions { ExtraColumns = [ExtraColumn.Logits()] }));
        using var fitted = pipeline.Fit(train);

        var fit = ml.MulticlassClassification.FitTemperature(fitted.Transform(test));   // rows that were not trained on
        Console.WriteLine(fit);                                                  // Temperature 1.8312: log loss 0.2317 -> 0.1873, expected calibration error ...
        var network = fitted.LastTransformer.With(extraColumns:
        [
            ExtraColumn.TopK(2),
            ExtraColumn.Calibrated(fit.Temperature),                             // probabilities that mean what they say
            ExtraColumn.Reject(threshold: 0.8, fit.Temperature),                 // true where the largest of them is below 0.8
            ExtraColumn.GradCam(),                                               // [H, W], 0 to 1: what spoke for the predicted class
        ]);
        using var model = new TransformerChain<ITransformer>([.. fitted.SkipLast(1), network]);
        ml.Model.Save(model, train.Schema, path);                                // the columns are part of the model

        var loaded = ml.Model.Load(path, out _);
        var engine = ml.Model.CreatePredictionEngine<ImageRow, Explained>(loaded, inputSchemaDefinition: Some.Definition<ImageRow>());
        var one = engine.Predict(rows[0]);
        Assert.HasCount(2, one.TopLabels);
        Assert.HasCount(64, one.GradCam);
        Assert.AreEqual(1, one.CalibratedProbabilities.Sum(), 1e-5);
        Assert.AreEqual(one.CalibratedProbabilities.Max() < 0.8, one.IsRejected);
        Assert.IsLessThanOrEqualTo(fit.LogLossBefore, fit.LogLossAfter);
    }

    [TestMethod]
    public void TemperatureOfYesAndNo()
    {
        var rows = Some.Rows().Select(row => new YesRow { Features = row.Features, Label = row.Label == "c0" }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        using var model = ml.BinaryClassification.Trainers.Cnn(new CnnTrainerOptions { Epochs = 2 }).Fit(data);

        var fit = ml.BinaryClassification.FitTemperature(model.Transform(data));
        using var calibrated = model.With([ExtraColumn.Calibrated(fit.Temperature, "CalibratedProbability"), ExtraColumn.GradCam()]);

        Assert.HasCount(60, calibrated.Transform(data).GetColumn<float>("CalibratedProbability").ToArray());
    }

    [TestMethod]
    public void TestTime()
    {
        var options = new CnnTrainerOptions { TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal() };   // two views of each image
        using var model = Fit(options);
        using var shifted = model.With(testTimeAugmentation: TestTimeAugmentation.Shifts(pixels: 1));           // five
        using var plain = model.With(testTimeAugmentation: TestTimeAugmentation.None());

        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(test)), Some.FlatScores(model.Transform(test)));
        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(test)), Some.FlatScores(shifted.Transform(test)));
    }

    [TestMethod]
    public void LowerScores()
    {
        var options = new CnnTrainerOptions { ScoringPrecision = Precision.Automatic };                          // the faster one, wherever the model is loaded
        using var model = Fit(options);
        using var lower = model.With(scoringPrecision: Precision.BFloat16);
        using var full = model.With(scoringPrecision: Precision.Full);

        Assert.AreEqual((Precision.BFloat16, Precision.Full), (lower.ScoringPrecision, full.ScoringPrecision));
        CollectionAssert.AreNotEqual(Some.FlatScores(full.Transform(test)), Some.FlatScores(lower.Transform(test)));
    }

    [TestMethod]
    public void FeaturesOfAnotherTrainer()
    {
        using var trained = Fit(new CnnTrainerOptions());

        var pipeline = ml.Transforms.CnnFeatures(trained)                        // adds CnnFeatures, a vector of Single
            .Append(ml.Transforms.StandardScale("CnnFeatures"));                 // then any trainer of ML.NET

        using var model = pipeline.Fit(train);
        Assert.HasCount(32 * 2 * 2, model.Transform(test).GetColumn<float[]>("CnnFeatures").First());
    }

    private sealed class Explained
    {
        public uint[] TopLabels { get; set; } = [];

        public float[] CalibratedProbabilities { get; set; } = [];

        public bool IsRejected { get; set; }

        public float[] GradCam { get; set; } = [];
    }

    private static IDataView NumberRows() =>
        ml.Data.LoadFromEnumerable(Some.Rows().Select((row, i) => new NumberRow { Features = row.Features, Label = 1000 * (i % 3) }).ToList());

    private abstract class Row
    {
        [VectorType(1, 8, 8)]
        public float[] Features { get; set; } = [];
    }

    private sealed class YesRow : Row
    {
        public bool Label { get; set; }
    }

    private sealed class NumberRow : Row
    {
        public float Label { get; set; }
    }

    private sealed class PlaceRow : Row
    {
        [VectorType(2)]
        public float[] Place { get; set; } = [];
    }
}
