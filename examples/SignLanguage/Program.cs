using System.Globalization;
using CnnMlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

// Hands that show the digits 0 to 9: photographs in folders, one for each class.
//
//   dotnet run -c Release --project examples/SignLanguage -- DIR [SEED ...]     trains on the folder DIR, once for each seed, and saves the last model
//   dotnet run -c Release --project examples/SignLanguage -- predict FILE ...   what that model says of photographs
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var path = Path.GetFullPath(Path.Combine("out", "sign-language", "hands.zip"));
if (args is ["predict", _, ..]) return Predict(path, args[1..]);
if (args is not [var folder, ..] || !args.Skip(1).All(seed => int.TryParse(seed, out _)))
{
    Console.Error.WriteLine("usage: SignLanguage DIR [SEED ...]\n       SignLanguage predict FILE ...\nDIR has a folder of photographs for each class.");
    return 2;
}

if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"'{Path.GetFullPath(folder)}' does not hold the data: folders 0 to 9 with photographs, as https://github.com/ardamavi/Sign-Language-Digits-Dataset has them.");
    return 3;
}

var accuracies = args.Skip(1).DefaultIfEmpty("1").Select(seed => Train(folder, int.Parse(seed, CultureInfo.InvariantCulture), path)).ToList();
Console.WriteLine($"sign-language accuracy: {accuracies.Average():F4}");
return 0;

static double Train(string folder, int seed, string path)
{
    // 1. The photographs: a fifth of each class is held out to judge by; none of those may be among the others, too.
    var ml = new MLContext(seed);
    var photographs = ml.Data.LoadImageFolder(folder);
    var split = ml.Data.StratifiedTrainTestSplit(photographs, testFraction: 0.2);
    Console.WriteLine(photographs);
    Console.WriteLine(ml.Data.FindDuplicates(split.TrainSet, split.TestSet, columnName: "ImagePath"));

    // 2. The network, and the recipe. The trainer brings photographs of any size to 3 x 64 x 64.
    static Layer Conv(int channels, int stride = 1) => Layer.Sequence(Layer.Conv(channels, kernel: 3, stride, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
    var options = new CnnTrainerOptions
    {
        FeatureColumnName = "Image",
        ImageShape = new ImageShape(3, 64, 64),
        Architecture = new CnnArchitecture(
            Conv(32, stride: 2), Conv(32), Layer.MaxPool(2),
            Conv(64), Layer.Residual([Conv(64), Conv(64)]), Layer.MaxPool(2),
            Conv(128), Layer.Residual([Conv(128), Conv(128)]), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output()),
        Epochs = 10,
        BatchSize = 32,
        PixelScaling = PixelScaling.Standard(),
        Augmentation = Augmentation.Of(
            Augment.FlipHorizontal(), Augment.Rotate(12, PaddingMode.Replicate), Augment.Scale(0.9, 1.1, PaddingMode.Replicate), Augment.Shift(4, PaddingMode.Replicate), Augment.Brightness(0.2)),
        Optimizer = Optimizer.AdamW(learningRate: 0.005, weightDecay: 0.05) with { SparesBiasesAndNorms = true },
        Schedule = Schedule.OneCycle(cycleMomentum: false),
        Loss = Loss.CrossEntropy(labelSmoothing: 0.1),
        TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal(),
        OnEpochEnd = Console.WriteLine,
    };

    // 3. The pipeline: paths to photographs to classes.
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadImages("Image", imageFolder: "", inputColumnName: "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.Cnn(options))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
    using var model = pipeline.Fit(split.TrainSet);

    // 4. Judged on the held-out photographs, and saved.
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    ml.Model.SaveSafely(model, photographs.Schema, path);
    Console.WriteLine($"{metrics.ConfusionMatrix.GetFormattedConfusionTable()}\nseed {seed}: accuracy {metrics.MicroAccuracy:F4}, saved to {path}");
    return metrics.MicroAccuracy;
}

static int Predict(string path, string[] files)
{
    if (files.Append(path).FirstOrDefault(file => !File.Exists(file)) is { } missing)
    {
        Console.Error.WriteLine($"There is no file '{Path.GetFullPath(missing)}'{(missing == path ? ": train first" : "")}.");
        return 3;
    }

    var ml = new MLContext();
    using var model = (TransformerChain<ITransformer>)ml.Model.Load(path, out _);
    var scored = model.Transform(ml.Data.LoadFromEnumerable(files.Select(file => new Photograph(Path.GetFullPath(file), ""))));
    foreach (var (file, name, scores) in files.Zip(scored.GetColumn<string>("PredictedName"), scored.GetColumn<float[]>("Score")))
        Console.WriteLine($"{file}: {name}, probability {scores.Max():F4}");
    return 0;
}

internal sealed record Photograph(string ImagePath, string Label);
