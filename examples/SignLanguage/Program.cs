using System.Globalization;
using CnnMlNet;
using Microsoft.ML;

int seed = int.Parse(args[1], CultureInfo.InvariantCulture), epochs = int.Parse(args[2], CultureInfo.InvariantCulture), side = int.Parse(args[3], CultureInfo.InvariantCulture);
var ml = new MLContext(seed);
var folder = ml.Data.LoadImageFolder(args[0]);
var split = ml.Data.StratifiedTrainTestSplit(folder, testFraction: 0.2);
static Layer Conv(int channels, int stride = 1) => Layer.Sequence(Layer.Conv(channels, kernel: 3, stride, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
var architecture = new CnnArchitecture(
    Conv(32, 2), Conv(32), Layer.MaxPool(2),
    Conv(64), Layer.Residual([Conv(64), Conv(64)]), Layer.MaxPool(2),
    Conv(128), Layer.Residual([Conv(128), Conv(128)]), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());
var options = new CnnTrainerOptions
{
    Architecture = architecture,
    Epochs = epochs,
    BatchSize = 32,
    PixelScaling = PixelScaling.Standard(),
    Augmentation = Augmentation.Of(Augment.Rotate(12, PaddingMode.Replicate), Augment.Scale(0.9, 1.1, PaddingMode.Replicate), Augment.Shift(4, PaddingMode.Replicate), Augment.Brightness(0.2), Augment.FlipHorizontal()),
    Optimizer = Optimizer.AdamW(learningRate: 0.005, weightDecay: 0.05) with { SparesBiasesAndNorms = true },
    Schedule = Schedule.OneCycle(cycleMomentum: false),
    Loss = Loss.CrossEntropy(labelSmoothing: 0.1),
    TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal(),
    Precision = args.Length > 4 ? Precision.BFloat16 : Precision.Full,
};
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadImages("Image", "", "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Image", side, side, resizing: Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind.Fill))
    .Append(ml.Transforms.ExtractPixels("Features", "Image", outputAsFloatArray: false))
    .Append(ml.MulticlassClassification.Trainers.Cnn(options));
using var model = pipeline.Fit(split.TrainSet);
var history = model.LastTransformer.Model.History;
Console.WriteLine($"{history.Epochs[^1]}; {history.Seconds:F0} s in all");
Console.WriteLine($"{string.Join(' ', args[1..])}: {ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:F4}");
