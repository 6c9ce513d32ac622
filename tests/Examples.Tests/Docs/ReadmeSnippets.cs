using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests.Docs;

/// <summary>Those of README.md, but for the programs under examples/.</summary>
[TestClass]
public sealed class ReadmeSnippets : Snippet
{
    [TestMethod]
    public void OwnNetwork()
    {
        var digits = Some.Keyed(ml, shape: new ImageShape(1, 28, 28));

        var trainer = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
        {
            FeatureColumnName = "Features",                    // the default: a vector of Single or Byte, one image a row: channel, row, column
            ImageShape = new(1, 28, 28),                       // not needed where the column has the dimensions [C, H, W], as from LoadFromIdx or ExtractPixels
            Architecture = new CnnArchitecture(
                Layer.Conv(16, kernel: 5, padding: 2), Layer.Relu(), Layer.MaxPool(2),
                Layer.Conv(32, kernel: (5, 3), padding: Padding.Same), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
                Layer.Residual([Layer.Conv(32, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu()]).Named("block"),
                Layer.Flatten(), Layer.Dropout(0.5), Layer.Output()),   // as many outputs as there are classes
            Epochs = 15, BatchSize = 100,
            Optimizer = Optimizer.Adam(learningRate: 3e-3),
            Schedule = Schedule.Cosine().WithWarmUp(epochs: 1),
            Loss = Loss.CrossEntropy(labelSmoothing: 0.1),
            Augmentation = Augmentation.Of(Augment.Shift(2), Augment.Cutout(8)),
            ValidationFraction = 0.1,                          // or trainer.Fit(trainView, validationView)
            EarlyStopping = EarlyStopping.OnLoss(patience: 5), // the model gets the weights of its best epoch
        }.WithProgressBar());                                  // and a table of the epochs, which is all there is where output is redirected

        using var model = trainer.Fit(digits);
        Assert.AreEqual(6L, model.Model.History.ValidationRows);
    }

    [TestMethod]
    public void Application()
    {
        using var folder = new TempFolder();
        var path = folder.File("model.zip");
        var pixels = Some.Rows().First().Features;
        using (var trained = Fit(new CnnTrainerOptions())) Snippet.ml.Model.SaveSafely(trained, train.Schema, path);

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(path, out var schema);
        using var engine = ml.Model.CreatePredictionEngine<Picture, Prediction>(model);
        float[] probabilities = engine.Predict(new Picture { Features = pixels }).Score;

        Assert.HasCount(3, probabilities);
        Assert.IsNotNull(schema.GetColumnOrNull("Features"));
    }

    private sealed class Picture
    {
        [VectorType(1, 8, 8)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
