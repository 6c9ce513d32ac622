using System.Globalization;
using CnnMlNet;
using Microsoft.ML;

// A report of a network that tells clothes apart: one HTML file that a browser opens from the disk.
//
//   dotnet run -c Release --project examples/Report -- DIR [--images N] [--epochs N]     DIR has the files of Fashion-MNIST; or the variable CNN_DATA says it
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var numbers = new Dictionary<string, int> { ["--images"] = 10_000, ["--epochs"] = 8 };
var folder = Environment.GetEnvironmentVariable("CNN_DATA");
bool isUnderstood = true;
for (int i = 0; i < args.Length; i++)
{
    if (!args[i].StartsWith('-')) folder = args[i];
    else if (numbers.ContainsKey(args[i]) && i + 1 < args.Length && int.TryParse(args[i + 1], out int number) && number > 0) numbers[args[i++]] = number;
    else isUnderstood = false;
}

if (!isUnderstood || string.IsNullOrEmpty(folder))
{
    Console.Error.WriteLine("usage: Report DIR [--images N] [--epochs N]\nDIR has the files of Fashion-MNIST, or a folder fashion-mnist with them.");
    return 2;
}

var found = new[] { Path.Combine(folder, "fashion-mnist"), folder }.FirstOrDefault(place => File.Exists(Path.Combine(place, "train-images-idx3-ubyte.gz")));
if (found is null)
{
    Console.Error.WriteLine($"'{Path.GetFullPath(folder)}' does not hold the data: train-images-idx3-ubyte.gz and the three other files of Fashion-MNIST.");
    return 3;
}

// 1. The data: the first images to learn from, all test images to judge by.
var ml = new MLContext(seed: 1);
string[] names = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
var train = ml.Data.TakeRows(ml.Data.LoadFromIdx(Path.Combine(found, "train-images-idx3-ubyte.gz"), Path.Combine(found, "train-labels-idx1-ubyte.gz"), names), numbers["--images"]);
var test = ml.Data.LoadFromIdx(Path.Combine(found, "t10k-images-idx3-ubyte.gz"), Path.Combine(found, "t10k-labels-idx1-ubyte.gz"), names);

// 2. A small network, trained for a minute.
var options = new CnnTrainerOptions
{
    Architecture = new CnnArchitecture(
        Layer.Conv(16, kernel: 5, padding: 2, bias: false), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
        Layer.Residual([Layer.Conv(16, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu()]).Named("block"),
        Layer.Conv(32, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu(),
        Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output()),
    Epochs = numbers["--epochs"],
    Optimizer = Optimizer.AdamW(learningRate: 0.005, weightDecay: 0.01),
    Schedule = Schedule.OneCycle(cycleMomentum: false),
    PixelScaling = PixelScaling.Standard(),
    ValidationFraction = 0.1,
    OnEpochEnd = Console.WriteLine,
};
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(options));
using var model = pipeline.Fit(train);

// 3. The report: it scores the test images once, and needs nothing but a browser.
var path = Path.GetFullPath(Path.Combine("out", "report", "report.html"));
ml.SaveReport(path, model, test, new ReportOptions { Title = "Fashion-MNIST", TrainingData = train });
Console.WriteLine($"Open {path} in a browser.\nreport megabytes: {new FileInfo(path).Length / 1e6:F2}");
return 0;
