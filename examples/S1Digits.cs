using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>The digits lab: a thousand digits of MNIST, first by the lab's recipe, then by one that makes more of the same nine hundred.</summary>
internal static class S1Digits
{
    public static ExampleSystem System { get; } = new("s1", "digits from 900 images of MNIST, by the lab's recipe and by a better one", "accuracy", Run) { Seed = 25, Epochs = 100 };

    private static double Run(Launch launch)
    {
        // 1. The data: the first 1,000 digits, of which the first 100 validate; the first 100 test digits, and all of them.
        var data = DataSet.Mnist(launch);
        var ml = new MLContext(launch.Seed);
        var (digits, test) = data.In(ml, Math.Min(launch.Images ?? 1_000, 1_000));
        Console.WriteLine($"Data: {data.Title}");

        // 2. Labels to keys and pixels standardised, both as the training digits say; then the digits divided.
        var prepared = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.StandardScale("Features")).Fit(digits);
        var (validation, train) = (ml.Data.TakeRows(prepared.Transform(digits), 100), ml.Data.SkipRows(prepared.Transform(digits), 100));

        // 3. The lab's network, 28,938 parameters, and its recipe: Adam, 15 epochs.
        var recipe = new CnnTrainerOptions
        {
            Architecture = new CnnArchitecture(
                Layer.Conv(16, kernel: 5, stride: 1, padding: 2), Layer.Relu(), Layer.MaxPool(2),
                Layer.Conv(32, kernel: 5, stride: 1, padding: 2), Layer.Relu(), Layer.MaxPool(2),
                Layer.Flatten(), Layer.Output()),
            Epochs = 15,
            BatchSize = 100,
            Optimizer = Optimizer.Adam(learningRate: 0.003),
        };
        Console.WriteLine(recipe.Architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10));
        using var network = ml.MulticlassClassification.Trainers.Cnn(recipe.WithProgressBar()).Fit(train, validation);
        using var model = prepared.Append(network);
        launch.Save(Pictures.Training(network.Model.History), "training.svg");
        Console.WriteLine($"The lab's recipe: test accuracy {Accuracy(model, ml.Data.TakeRows(test, 100)):F2} on 100 digits, {Accuracy(model, test):F4} on all");

        // 4. The same nine hundred digits once more: batch normalisation, digits turned, scaled and shifted at random, one cycle of the learning rate.
        var better = recipe with
        {
            Architecture = CnnArchitecture.SimpleBatchNorm,
            Epochs = launch.Epochs,
            BatchSize = 50,
            PixelScaling = PixelScaling.Standard(),
            Augmentation = Augmentation.Of(Augment.Rotate(12), Augment.Scale(0.9, 1.1), Augment.Shift(2)),
            Optimizer = Optimizer.AdamW(learningRate: 0.01, weightDecay: 0.01) with { SparesBiasesAndNorms = true },
            Schedule = Schedule.OneCycle(cycleMomentum: false),
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(better.WithProgressBar()));
        using var augmented = pipeline.Fit(ml.Data.SkipRows(digits, 100));

        // 5. Saved, loaded and judged on all test digits.
        var path = launch.FileOf("digits.zip");
        ml.Model.SaveSafely(augmented, digits.Schema, path);
        using var loaded = (IDisposable)ml.Model.Load(path, out _);
        Console.WriteLine($"Saved to {path}.");
        return Accuracy((ITransformer)loaded, test);

        double Accuracy(ITransformer judged, IDataView images) => ml.MulticlassClassification.Evaluate(judged.Transform(images)).MicroAccuracy;
    }
}
