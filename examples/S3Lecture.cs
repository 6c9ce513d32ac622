using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>The lecture's small network on all of MNIST by plain gradient descent, and VGG-16 as it was published.</summary>
internal static class S3Lecture
{
    public static ExampleSystem System { get; } = new("s3", "the lecture's network on MNIST by plain SGD, and VGG-16", "accuracy", Run)
    {
        Seed = 1234, Epochs = 5, Options = new Dictionary<string, string[]> { ["vgg16-weights"] = [] },
    };

    private static double Run(Launch launch)
    {
        // 1. The data: all of MNIST.
        var data = DataSet.Mnist(launch);
        var ml = new MLContext(launch.Seed);
        var (train, test) = data.In(ml, launch.Images);
        Console.WriteLine($"Data: {data.Title}");

        // 2. A first batch, as it is.
        var batch = ml.Data.TakeRows(ml.Data.ShuffleRows(train, launch.Seed), 64);
        var pixels = batch.GetColumn<float[]>("Features").SelectMany(image => image).Select(pixel => pixel / 255).ToList();
        double mean = pixels.Average(), deviation = Math.Sqrt(pixels.Average(pixel => Math.Pow(pixel - mean, 2)));
        Console.WriteLine($"A batch: [64, 1, 28, 28], mean {mean:F4}, standard deviation {deviation:F4} (of pixels from 0 to 1)");
        launch.Save(ml.Data.DrawImages(batch, rows: 4, columns: 5, captionColumnNames: "Label"), "digits.svg");

        // 3. The lecture's network, 8,490 parameters: the cross entropy has the log-softmax in it.
        var options = new CnnTrainerOptions
        {
            Architecture = new CnnArchitecture(
                Layer.Conv(10, kernel: 5), Layer.Relu(), Layer.MaxPool(2),
                Layer.Conv(20, kernel: 5), Layer.Relu(), Layer.MaxPool(2),
                Layer.Flatten(), Layer.Output()),
            Epochs = launch.Epochs,
            BatchSize = 64,
            Optimizer = Optimizer.Sgd(learningRate: 0.1),
            PixelScaling = PixelScaling.Standard(),
        };
        Console.WriteLine(options.Architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10));

        // 4. Trained; the loss on the test images is looked at after each epoch, and nothing is chosen by it.
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(train);
        using var network = ml.MulticlassClassification.Trainers.Cnn(options.WithProgressBar()).Fit(keys.Transform(train), keys.Transform(test));
        var history = network.Model.History;
        foreach (var epoch in history.Epochs) Console.WriteLine($"after {epoch.Epoch * history.TrainingRows,9:N0} images: training loss {epoch.Loss:F4}, test loss {epoch.ValidationLoss:F4}");
        launch.Save(Pictures.Lines("Loss by images seen", "images", "loss",
            new LineSeries { Name = "training", X = [.. history.BatchLosses.Select((_, step) => (step + 1.0) * options.BatchSize)], Y = [.. history.BatchLosses.Select(loss => (double)loss)] },
            new LineSeries { Name = "test", X = [.. history.Epochs.Select(epoch => (double)epoch.Epoch * history.TrainingRows)], Y = [.. history.Epochs.Select(epoch => epoch.ValidationLoss ?? double.NaN)] }), "losses.svg");

        // 5. VGG-16, layer by layer, and a step of its training.
        Vgg16.TrainStep(ml, launch.Options.GetValueOrDefault("vgg16-weights"));
        return ml.MulticlassClassification.Evaluate(network.Transform(keys.Transform(test))).MicroAccuracy;
    }
}
