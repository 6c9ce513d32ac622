using System.Globalization;
using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>What bfloat16 costs in accuracy: the first network of <see cref="BenchmarkModel.All"/> on real images, from several seeds, in both precisions.</summary>
internal static class PrecisionAccuracy
{
    private const int Seeds = 5, Epochs = 2, TrainingRows = 20_000;

    /// <summary>Prints the accuracy on the test images of each run, trained and scored in one precision, and what the two have in common.</summary>
    /// <param name="folders">One with the four files of MNIST or Fashion-MNIST; none for the one in the folder that CNN_DATA names.</param>
    /// <returns>0; 1 where there are no such files.</returns>
    public static int Print(string[] folders)
    {
        var folder = folders is [var named] ? named : Path.Combine(Environment.GetEnvironmentVariable("CNN_DATA") ?? ".", "fashion-mnist");
        if (folders.Length > 1 || !File.Exists(Path.Combine(folder, "train-images-idx3-ubyte.gz")))
        {
            Console.Error.WriteLine($"'{folder}' has no train-images-idx3-ubyte.gz: precision FOLDER, or the variable CNN_DATA for the folder above fashion-mnist.");
            return 1;
        }

        var ml = new MLContext(1);
        var (train, test) = (ml.Data.TakeRows(View("train"), TrainingRows), View("t10k"));
        Console.WriteLine($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}, {TrainingRows} rows, {Epochs} epochs, accuracy on the test rows with the seeds 1 to {Seeds}:");
        foreach (var precision in new[] { Precision.Full, Precision.BFloat16 })
        {
            double[] accuracies = [.. Enumerable.Range(1, Seeds).Select(seed => Accuracy(precision, seed))];
            double mean = accuracies.Average(), deviation = Math.Sqrt(accuracies.Sum(accuracy => Math.Pow(accuracy - mean, 2)) / (Seeds - 1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(precision == Precision.Full ? "float32" : "bfloat16"),-8} {string.Join(' ', accuracies.Select(accuracy => accuracy.ToString("F4", CultureInfo.InvariantCulture)))}   mean {mean:F4}, standard deviation {deviation:F4}"));
        }

        return 0;

        IDataView View(string part) => ml.Data.LoadFromIdx(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"), Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));

        double Accuracy(Precision precision, int seed)
        {
            var model = BenchmarkModel.All[0];
            var options = new CnnTrainerOptions
            {
                Architecture = model.Architecture, Epochs = Epochs, BatchSize = model.BatchSize, Seed = seed, Precision = precision, ScoringPrecision = precision,
            };
            using var trained = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(options)).Fit(train);
            return ml.MulticlassClassification.Evaluate(trained.Transform(test)).MicroAccuracy;
        }
    }
}
