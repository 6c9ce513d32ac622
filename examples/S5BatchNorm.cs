using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>The batch-normalised network, on MNIST or on CIFAR-10.</summary>
internal static class S5BatchNorm
{
    public static ExampleSystem System { get; } = new("s5", "a batch-normalised network, on MNIST or CIFAR-10", "accuracy", Run) { Epochs = 5 };

    private static double Run(Launch launch)
    {
        // 1. The data.
        var data = DataSet.Mnist(launch);
        var ml = new MLContext(launch.Seed);
        var (train, test) = (data.Train(ml, launch.Images), data.Test(ml));
        Console.WriteLine($"Data: {data.Title}");

        // 2. The recipe: the learning rate of one cycle, a little weight decay, digits shifted by up to a pixel at random.
        var options = new CnnTrainerOptions
        {
            Architecture = CnnArchitecture.SimpleBatchNorm,
            Epochs = launch.Epochs,
            BatchSize = 100,
            Optimizer = Optimizer.AdamW(learningRate: 0.01, weightDecay: 0.01) with { SparesBiasesAndNorms = true },
            Schedule = Schedule.OneCycle(cycleMomentum: false),
            PixelScaling = PixelScaling.Standard(),
            Augmentation = Augmentation.Of(Augment.Shift(1)),
            ReportEvery = 100,
            OnBatchEnd = report => Console.WriteLine($"Epoch: [{report.Epoch}/{report.Epochs}]; batchStep = [{report.Batch}/{report.Batches}]; Loss: {report.Loss:F4}."),
        };
        Console.WriteLine(options.Architecture.Summarize(new ImageShape(1, 28, 28), outputs: 10));

        // 3. The pipeline, fitted.
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Cnn(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedDigit", "PredictedLabel"));
        using var model = pipeline.Fit(train);
        Console.WriteLine(model.OfType<CnnTransformer>().Single().Model.History.ToString().Split(Environment.NewLine)[0]);

        // 4. Judged on the test images, and saved for later use.
        var path = launch.FileOf("network.zip");
        ml.Model.SaveSafely(model, train.Schema, path);
        Console.WriteLine($"Saved to {path}.");
        return ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
    }
}
