using System.Diagnostics;
using System.Globalization;
using CnnMlNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using OwnModule;

// 1. A name for the module. A model keeps this name and the weights, never the code, so each program that trains or loads it begins like this.
CnnModules.Register("squeeze-excitation", input => new SqueezeExcitation(input.Channels));

var ml = new MLContext(seed: 1);
if (args is ["score", var file]) return ScoreInOtherProcess(file);

// 2. The module is a layer among the others; it is given the shape of its input.
var architecture = new CnnArchitecture(
    Layer.Conv(16, kernel: 3, padding: 1), Layer.Relu(), Layer.Module("squeeze-excitation").Named("attention"), Layer.MaxPool(2),
    Layer.Conv(32, kernel: 3, padding: 1), Layer.Relu(), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());
Console.WriteLine(architecture.Summarize(new ImageShape(1, 12, 12), outputs: 2));
Console.WriteLine();

// 3. Training: its weights learn like all others.
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(
    new CnnTrainerOptions { Architecture = architecture, Epochs = 8, Optimizer = Optimizer.Adam(3e-3), OnEpochEnd = Console.WriteLine }));
var train = Picture.Many(ml, first: 0, count: 600);
using var model = pipeline.Fit(train);
var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Picture.Many(ml, first: 600, count: 200)));
Console.WriteLine($"test accuracy: {metrics.MicroAccuracy.ToString("F4", CultureInfo.InvariantCulture)}");

// 4. Saved, and scored by another process: this program again, started with 'score'. It gives the same scores, to the last bit.
var path = Path.Combine(Path.GetTempPath(), "own-module.zip");
ml.Model.SaveSafely(model, train.Schema, path);
var start = new ProcessStartInfo("dotnet", [typeof(Picture).Assembly.Location, "score", path]) { RedirectStandardOutput = true };
using var process = Process.Start(start)!;
var theirs = process.StandardOutput.ReadToEnd().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
process.WaitForExit();
bool equal = process.ExitCode == 0 && theirs.SequenceEqual(Scores(model));
Console.WriteLine($"{theirs.Length} scores of another process that loaded it are {(equal ? "equal to" : "NOT")} those of this one");
return equal ? 0 : 1;

// 5. The other process has the file, the module's class and step 1.
int ScoreInOtherProcess(string file)
{
    using var loaded = (TransformerChain<ITransformer>)ml.Model.Load(file, out _);
    foreach (var score in Scores(loaded)) Console.WriteLine(score);
    return 0;
}

IEnumerable<string> Scores(ITransformer transformer) =>
    transformer.Transform(Picture.Many(ml, first: 800, count: 10)).GetColumn<float[]>("Score")
        .SelectMany(scores => scores).Select(score => score.ToString("R", CultureInfo.InvariantCulture));
