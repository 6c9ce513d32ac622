using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class ManyRunsSnippets : Snippet
{
    [TestMethod]
    public void Lower()
    {
        var options = new CnnTrainerOptions
        {
            Precision = Precision.BFloat16,                                      // or Precision.Automatic: whichever is faster here
        };

        Assert.AreEqual(Precision.BFloat16, AssertMatters(options).Precision);
    }

    [TestMethod]
    public void Folds()
    {
        var data = Some.Images(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(epochs: 1));
        using var images = ml.Data.CacheImages(data);                            // read and decoded once
        var results = ml.MulticlassClassification.CrossValidate(images, pipeline, numberOfFolds: 3);
        foreach (var fold in ml.Data.StratifiedFolds(images, folds: 3))
        {
            using var model = pipeline.Fit(fold.TrainSet);
            Console.WriteLine($"{ml.MulticlassClassification.Evaluate(model.Transform(fold.TestSet)).MicroAccuracy:P1}");
        }

        Assert.HasCount(3, results);
        foreach (var result in results) ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public void Searching()
    {
        var options = new CnnTrainerOptions { Epochs = 3, Threads = 1 };
        using var sweep = ml.MulticlassClassification.Sweep(
            train,
            random => options with { Optimizer = Optimizer.Adam(Math.Pow(10, -4 + 3 * random.NextDouble())), BatchSize = 16 << random.Next(3) },
            count: 9,
            new SweepOptions { Folds = 3, Seed = 1 });
        Console.WriteLine(sweep);                                                // a table, the best first
        var best = sweep.Model;                                                  // trained on all rows; disposed with the sweep

        Assert.IsGreaterThan(0.9, ml.MulticlassClassification.Evaluate(best.Transform(test)).MicroAccuracy);
    }
}
