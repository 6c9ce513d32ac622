using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class PictureSnippets : Snippet, IDisposable
{
    private static readonly double[] epochs = [1, 2, 3], losses = [1, 0.5, 0.3], validation = [1, 0.6, 0.5];
    private static readonly float[] pixels = [.. Enumerable.Range(0, 64).Select(i => i / 63f)];
    private static readonly float[] heat = [.. pixels.Reverse()];
    private static readonly int[] classes = [.. Enumerable.Range(0, 64).Select(i => i / 16)];
    private readonly CnnTransformer model = Fit(new CnnTrainerOptions { ValidationFraction = 0.2 });
    private readonly TempFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public PictureSnippets() => Directory.SetCurrentDirectory(_folder.Path);

    private TrainingHistory history => model.Model.History;

    private IDataView scored => model.Transform(test);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
        model.Dispose();
    }

    [TestMethod]
    public void Drawing()
    {
        Pictures.Training(model.Model.History).Save("pictures/training.svg");    // loss of each step, accuracy of each epoch, the best epoch
        Pictures.Filters(model.Model, layer: "0").Save("pictures/filters.svg");  // the first convolution's, without layer
        ml.Data.DrawImages(scored, rows: 2, columns: 10, "Features", "PredictedLabel", "Label").Save("pictures/images.svg");   // predicted:true, red where wrong
        Pictures.Bars("Accuracy of each class", "accuracy", ("c0", 0.98), ("c1", 0.91), ("c2", 0.95)).Save("pictures/classes.svg");
        Pictures.Lines("Loss", "epoch", "cross entropy",
            new LineSeries { Name = "training", X = epochs, Y = losses },
            new LineSeries { Name = "validation", X = epochs, Y = validation }).Save("pictures/loss.svg");
        PictureTile[] tiles =
        [
            PictureTile.OfImage(pixels, new ImageShape(1, 8, 8), "an image", min: 0, max: 1),
            PictureTile.OfClasses(classes, height: 8, width: 8, "a class for each pixel"),
        ];
        Pictures.Images(tiles, columns: 2, title: "Image and segmentation", scale: 8).Save("pictures/segmentation.svg");

        Assert.HasCount(6, Directory.GetFiles("pictures", "*.svg"));
    }

    [TestMethod]
    public void DrawingResults()
    {
        Pictures.Loss(history).Save("results/loss.svg");                         // of each step, and of training and validation rows by epoch
        Pictures.Metric(history, "accuracy").Save("results/accuracy.svg");       // or another metric of the history
        Pictures.LearningRate(history).Save("results/rate.svg");

        var report = ml.MulticlassClassification.ClassReport(scored);
        Pictures.ConfusionMatrix(report).Save("results/matrix.svg");             // of more than 40 classes those with the most mistakes
        Pictures.ClassScores(report).Save("results/scores.svg");                 // precision, recall, F1
        Pictures.Calibration(report).Save("results/calibration.svg");            // are predictions of 90 % right in 90 of 100 rows?
        Pictures.MostConfused(report).Save("results/confused.svg");

        ml.Data.DrawClassBalance(train).Save("results/balance.svg");             // rows of each class
        ml.Data.DrawPredictions(scored, PredictionChoice.LeastSureHits, rows: 2, columns: 6).Save("results/hits.svg");   // or SurestMistakes
        ml.Data.DrawFeatureMaps(model, test, layer: "0", row: 3).Save("results/maps.svg");                               // what each channel gives
        using var explained = model.With([ExtraColumn.GradCam()]);
        ml.Data.DrawGradCam(explained.Transform(test), rows: 2, columns: 3).Save("results/gradcam.svg");                 // image and heat map side by side
        PictureTile tile = PictureTile.OfHeat(pixels, new ImageShape(1, 8, 8), heat, min: 0, max: 1);                    // one of one's own

        Assert.AreEqual((8, 8), (tile.Height, tile.Width));
        Assert.HasCount(11, Directory.GetFiles("results", "*.svg"));
    }

    [TestMethod]
    public void Report()
    {
        ml.SaveReport("report.html", model, test);                               // a CnnTransformer, or the pipeline that has one, and rows with labels
        ml.SaveReport("report/shapes.html", model, test, new ReportOptions
        {
            Title = "Shapes",
            TrainingData = train,                                                // counts its images of each class
            LabelColumnName = "Label",
            Images = 12,                                                         // in each grid
        });
        ml.SaveReport("training.html", model);                                   // no test data: training, network and filters

        Assert.IsLessThan(new FileInfo("report/shapes.html").Length, new FileInfo("training.html").Length);
    }
}
