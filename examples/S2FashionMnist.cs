using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>The assignment: better than people at Fashion-MNIST (83.5 %), from ten thousand images. What <c>make demo</c> runs.</summary>
internal static class S2FashionMnist
{
    public static ExampleSystem System { get; } = new("s2", "Fashion-MNIST from 10,000 images, with a network of one's own", "accuracy", Run) { Epochs = 24 };

    private static double Run(Launch launch)
    {
        // 1. The data: ten thousand images to learn from; all test images to be judged by, the first thousand of them by themselves.
        var data = DataSet.FashionMnist(launch);
        var ml = new MLContext(launch.Seed);
        var (train, test) = data.In(ml, Math.Min(launch.Images ?? 10_000, 10_000));
        Console.WriteLine($"Data: {data.Title}");

        // 2. The network, a small residual one. Channels, features and classes are inferred.
        static Layer Conv(int channels) => Layer.Sequence(Layer.Conv(channels, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
        var architecture = new CnnArchitecture(
            Conv(32), Conv(32), Layer.MaxPool(2),
            Conv(64), Layer.Residual([Conv(64), Conv(64)]), Layer.MaxPool(2),
            Conv(128), Layer.Residual([Conv(128), Conv(128)]), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());
        Console.WriteLine($"\n{architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10)}\n");

        // 3. The pipeline: labels to keys, the trainer with the recipe, keys back to names.
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
            {
                Architecture = architecture,
                Epochs = launch.Epochs,
                PixelScaling = PixelScaling.Standard(),
                Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(2), Augment.Cutout(8)),
                Optimizer = Optimizer.AdamW(learningRate: 0.005, weightDecay: 0.05) with { SparesBiasesAndNorms = true },
                Schedule = Schedule.OneCycle(warmUpShare: 0.25, cycleMomentum: false),
                Loss = Loss.CrossEntropy(labelSmoothing: 0.1),
                TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal(),
                ValidationFraction = 0.02,
            }.WithProgressBar()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        using var model = pipeline.Fit(train);
        var (history, names) = (model.OfType<CnnTransformer>().Single().Model.History, model.OfType<CnnTransformer>().Single().Model.ClassNames);
        Console.WriteLine($"\n{history.ToString().Split(Environment.NewLine)[0]}");
        launch.Save(Pictures.Training(history), "training.svg");

        // 4. Judged by ML.NET's own metrics, on images it has not seen; each is looked at together with its mirror image.
        var scored = model.Transform(test);
        var metrics = ml.MulticlassClassification.Evaluate(scored);
        var classes = names.Zip(metrics.ConfusionMatrix.PerClassRecall, (name, recall) => (Name: name, Accuracy: recall)).OrderBy(c => c.Accuracy).ToList();
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        Console.WriteLine("Accuracy of each class, over all test images:");
        foreach (var (name, accuracy) in classes) Console.WriteLine($"  {name,-12} {accuracy:P1}");
        launch.Save(Pictures.Bars("Accuracy of each class", "share of its test images", classes), "classes.svg");
        Console.WriteLine($"The worst class is {classes[0].Name}: {classes[0].Accuracy:P1}.");

        // 5. Saved as one file, and loaded as an application would: in another context, from that file alone.
        var path = launch.FileOf("fashion-mnist.zip");
        ml.Model.SaveSafely(model, train.Schema, path);
        using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(path, out _);
        var five = ml.Data.TakeRows(test, 5);
        Console.WriteLine($"\nSaved to {path} ({new FileInfo(path).Length / 1024:N0} KB) and loaded again:");
        foreach (var (label, guess) in five.GetColumn<string>("Label").Zip(loaded.Transform(five).GetColumn<string>("PredictedName"))) Console.WriteLine($"  {label,-12} is taken for {guess}");

        var first = ml.MulticlassClassification.Evaluate(ml.Data.TakeRows(scored, 1_000));
        Console.WriteLine($"\nTest accuracy, seed {history.Seed}: {first.MicroAccuracy:F4} on the first 1,000 images, {metrics.MicroAccuracy:F4} on all {test.GetRowCount():N0}; trained in {history.Seconds:F0} s.");
        return metrics.MicroAccuracy;
    }
}
