using CnnMlNet;
using CnnMlNet.Examples;
using FashionMnist;
using Microsoft.ML;
using Microsoft.ML.Data;

// 1. The data: ten thousand images to learn from; all test images to be judged by, the first thousand of them by themselves.
var arguments = Arguments.Parse(args, epochs: 24, files: "the four Fashion-MNIST files, or a folder fashion-mnist with them");
var data = arguments is null ? null : await DataSet.FindAsync(arguments.Data);
if (arguments is null || data is null) return 2;
Console.WriteLine($"Data: {data.Title}");
var ml = new MLContext(arguments.Seed);
IDataView train = ml.Data.TakeRows(ml.Data.LoadFromIdx(data.Files.TrainImages, data.Files.TrainLabels, data.ClassNames), 10_000);
IDataView test = ml.Data.LoadFromIdx(data.Files.TestImages, data.Files.TestLabels, data.ClassNames);

// 2. The network, a small residual one. Channels, features and classes are inferred.
static Layer Conv(int channels) => Layer.Sequence(Layer.Conv(channels, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
var architecture = new CnnArchitecture(
    Conv(32), Conv(32), Layer.MaxPool(2),
    Conv(64), Layer.Residual([Conv(64), Conv(64)]), Layer.MaxPool(2),
    Conv(128), Layer.Residual([Conv(128), Conv(128)]), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());
Console.WriteLine($"\n{architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10)}\n");

// 3. The pipeline: labels to keys, the trainer with the recipe, keys back to names.
var view = new TrainingView();
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
    {
        Architecture = architecture,
        Epochs = arguments.Epochs,
        PixelScaling = PixelScaling.Standard(),
        Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(2), Augment.Cutout(8)),
        Optimizer = Optimizer.AdamW(learningRate: 0.005, weightDecay: 0.05) with { SparesBiasesAndNorms = true },
        Schedule = Schedule.OneCycle(warmUpShare: 0.25, cycleMomentum: false),
        Loss = Loss.CrossEntropy(labelSmoothing: 0.1),
        TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal(),
        ValidationFraction = 0.02,
        OnBatchEnd = view.OnBatchEnd,
        OnEpochEnd = view.OnEpochEnd,
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
using var model = pipeline.Fit(train);
var history = model.OfType<CnnTransformer>().Single().Model.History;
Console.WriteLine($"\n{history.ToString().Split(Environment.NewLine)[0]}");

// 4. Judged by ML.NET's own metrics, on images it has not seen; each is looked at together with its mirror image.
IDataView scored = model.Transform(test);
var metrics = ml.MulticlassClassification.Evaluate(scored);
var matrix = metrics.ConfusionMatrix;
VBuffer<ReadOnlyMemory<char>> slots = default;
scored.Schema["Score"].GetSlotNames(ref slots);
var classes = slots.DenseValues().Select((name, i) => (Name: name.ToString(), Accuracy: matrix.PerClassRecall[i])).OrderBy(c => c.Accuracy).ToList();
Console.WriteLine(matrix.GetFormattedConfusionTable());
Console.WriteLine("Accuracy of each class, over all test images:");
foreach (var (name, accuracy) in classes) Console.WriteLine($"  {name,-12} {accuracy:P1}");
Console.WriteLine($"The worst class is {classes[0].Name}: {classes[0].Accuracy:P1}.");

// 5. Saved as one file, and loaded as an application would: in another context, from that file alone.
var path = Path.Combine(Path.GetTempPath(), "fashion-mnist-cnn.zip");
ml.Model.SaveSafely(model, train.Schema, path);
var app = new MLContext();
using var engine = app.Model.CreatePredictionEngine<Picture, Prediction>(app.Model.Load(path, out _));
Console.WriteLine($"\nSaved to {path} ({new FileInfo(path).Length / 1024:N0} KB) and loaded again:");
foreach (var picture in ml.Data.CreateEnumerable<Picture>(ml.Data.TakeRows(test, 5), reuseRowObject: false))
{
    var prediction = engine.Predict(picture);
    Console.WriteLine($"  {picture.Label,-12} is taken for {prediction.PredictedName,-12} with probability {prediction.Score.Max():F3}");
}

var first = ml.MulticlassClassification.Evaluate(ml.Data.TakeRows(scored, 1_000));
Console.WriteLine($"\ntest accuracy, seed {history.Seed}: {first.MicroAccuracy:F4} on the first 1,000 images, {metrics.MicroAccuracy:F4} on all {test.GetRowCount():N0}; trained in {history.Seconds:F0} s");
return 0;
