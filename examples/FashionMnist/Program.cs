using CnnMlNet;
using FashionMnist;
using Microsoft.ML;
using Microsoft.ML.Data;

// 1. The data: ten thousand images to learn from, a thousand to be judged by.
var data = await DataSet.FindAsync(args);
if (data is null) return 2;
Console.WriteLine($"Data: {data.Title}");
var ml = new MLContext(seed: 1);
IDataView train = ml.Data.TakeRows(ml.Data.LoadFromIdx(data.TrainImages, data.TrainLabels, data.ClassNames), 10_000);
IDataView test = ml.Data.TakeRows(ml.Data.LoadFromIdx(data.TestImages, data.TestLabels, data.ClassNames), 1_000);

// 2. The network. Channels, features and classes are inferred.
var architecture = new CnnArchitecture(
    Layer.Conv(32, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu(),
    Layer.Conv(32, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2), Layer.Dropout(0.35),
    Layer.Conv(64, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu(),
    Layer.Conv(64, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2), Layer.Dropout(0.35),
    Layer.Flatten(), Layer.Linear(128), Layer.BatchNorm(), Layer.Relu(), Layer.Dropout(0.5), Layer.Output());
Console.WriteLine();
Console.WriteLine(architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10));
Console.WriteLine();

// 3. The pipeline: labels to keys, standard scaling learned from the training rows, the trainer, keys back to names.
var view = new TrainingView();
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.StandardScale("Features"))
    .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
    {
        Architecture = architecture,
        Epochs = 18,
        BatchSize = 128,
        ValidationFraction = 0.02,
        OnBatchEnd = view.OnBatchEnd,
        OnEpochEnd = view.OnEpochEnd,
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
using var model = pipeline.Fit(train);

// 4. Judged by ML.NET's own metrics, on images it has not seen.
IDataView scored = model.Transform(test);
var metrics = ml.MulticlassClassification.Evaluate(scored);
var matrix = metrics.ConfusionMatrix;
VBuffer<ReadOnlyMemory<char>> slots = default;
scored.Schema["Score"].GetSlotNames(ref slots);
var classes = slots.DenseValues().Select((name, i) => (Name: name.ToString(), Accuracy: matrix.PerClassRecall[i])).OrderBy(c => c.Accuracy).ToList();
Console.WriteLine(matrix.GetFormattedConfusionTable());
Console.WriteLine("Accuracy of each class:");
foreach (var (name, accuracy) in classes) Console.WriteLine($"  {name,-12} {accuracy:P1}");
Console.WriteLine($"The worst class is {classes[0].Name}: {classes[0].Accuracy:P1}.");

// 5. Saved as one file, and loaded as an application would: in another context, from that file alone.
var path = Path.Combine(Path.GetTempPath(), "fashion-mnist-cnn.zip");
ml.Model.SaveSafely(model, train.Schema, path);
var app = new MLContext();
using var engine = app.Model.CreatePredictionEngine<Picture, Prediction>(app.Model.Load(path, out _));
Console.WriteLine();
Console.WriteLine($"Saved to {path} ({new FileInfo(path).Length / 1024:N0} KB) and loaded again:");
foreach (var picture in ml.Data.CreateEnumerable<Picture>(ml.Data.TakeRows(test, 5), reuseRowObject: false))
{
    var prediction = engine.Predict(picture);
    Console.WriteLine($"  {picture.Label,-12} is taken for {prediction.PredictedName,-12} with probability {prediction.Score.Max():F3}");
}

Console.WriteLine();
Console.WriteLine($"test accuracy: {metrics.MicroAccuracy:F4}");
return 0;
