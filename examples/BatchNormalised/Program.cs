using System.Globalization;
using CnnMlNet;
using CnnMlNet.Examples;
using Microsoft.ML;

// 1. The data: MNIST, 60,000 digits to learn from and 10,000 to be judged by.
var arguments = Arguments.Parse(args, epochs: 5, files: "the four MNIST files, or a folder mnist with them");
if (arguments is null) return 2;
if (IdxFiles.In(arguments.Data ?? ".", "mnist") is not { } files) return 2;
var ml = new MLContext(arguments.Seed);
var train = ml.Data.LoadFromIdx(files.TrainImages, files.TrainLabels);
var test = ml.Data.LoadFromIdx(files.TestImages, files.TestLabels);

// 2. The recipe: the learning rate of one cycle, a little weight decay, digits shifted by up to a pixel at random.
var options = new CnnTrainerOptions
{
    Architecture = CnnArchitecture.SimpleBatchNorm,
    Epochs = arguments.Epochs,
    BatchSize = 100,
    Optimizer = Optimizer.AdamW(learningRate: 0.01, weightDecay: 0.01) with { SparesBiasesAndNorms = true },
    Schedule = Schedule.OneCycle(cycleMomentum: false),
    PixelScaling = PixelScaling.Standard(),
    Augmentation = Augmentation.Of(Augment.Shift(1)),
    ReportEvery = 100,
    OnBatchEnd = report => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"Epoch: [{report.Epoch}/{report.Epochs}]; batchStep = [{report.Batch}/{report.Batches}]; Loss: {report.Loss:F4}.")),
};
Console.WriteLine(options.Architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10));

// 3. The pipeline, fitted.
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.MulticlassClassification.Trainers.Cnn(options))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedDigit", "PredictedLabel"));
using var model = pipeline.Fit(train);
var history = model.OfType<CnnTransformer>().Single().Model.History;
Console.WriteLine(history.ToString().Split(Environment.NewLine)[0]);

// 4. Judged on the test images, and saved for later use.
var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
var path = Path.Combine(Path.GetTempPath(), "mnist-batch-normalised.zip");
ml.Model.SaveSafely(model, train.Schema, path);
Console.WriteLine($"Saved to {path}.");
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"accuracy on the {test.GetRowCount():N0} test images: {metrics.MicroAccuracy:P2}, seed {history.Seed}, trained in {history.Seconds:F0} s"));
return 0;
