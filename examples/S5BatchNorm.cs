using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>The batch-normalised network, on MNIST or on CIFAR-10, and what its features are worth for other classes.</summary>
internal static class S5BatchNorm
{
    public static ExampleSystem System { get; } = new("s5", "a batch-normalised network, its filters, and transfer to other classes", "accuracy", Run)
    {
        Epochs = 5, Options = new Dictionary<string, string[]> { ["dataset"] = ["mnist", "cifar10"] },
    };

    private static double Run(Launch launch)
    {
        // 1. The data.
        bool isCifar = launch.Options.GetValueOrDefault("dataset") == "cifar10";
        var data = isCifar ? DataSet.Cifar10(launch) : DataSet.Mnist(launch);
        var ml = new MLContext(launch.Seed);
        var (train, test) = data.In(ml, launch.Images);
        Console.WriteLine($"Data: {data.Title}");
        launch.Save(ml.Data.DrawImages(train, rows: 6, columns: 6, captionColumnNames: "Label"), "images.svg");

        // 2. The recipe: the learning rate of one cycle, a little weight decay, images shifted at random, those of things mirrored, too.
        var options = new CnnTrainerOptions
        {
            Architecture = new CnnArchitecture(
                Layer.Conv(16, kernel: 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
                Layer.Conv(32, kernel: 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
                Layer.Flatten(), Layer.Output()),
            Epochs = launch.Epochs,
            BatchSize = 100,
            Optimizer = Optimizer.AdamW(learningRate: 0.01, weightDecay: 0.01) with { SparesBiasesAndNorms = true },
            Schedule = Schedule.OneCycle(cycleMomentum: false),
            PixelScaling = PixelScaling.Standard(),
            Augmentation = isCifar ? Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(4)) : Augmentation.Of(Augment.Shift(1)),
            ReportEvery = 100,
            OnBatchEnd = report => Console.WriteLine($"Epoch: [{report.Epoch}/{report.Epochs}]; batchStep = [{report.Batch}/{report.Batches}]; Loss: {report.Loss:F4}."),
        };
        Console.WriteLine(options.Architecture.Summarize(data.Shape, outputs: 10));

        // 3. The pipeline, fitted.
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Cnn(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        using var model = pipeline.Fit(train);
        var network = model.OfType<CnnTransformer>().Single().Model;
        Console.WriteLine(network.History.ToString().Split(Environment.NewLine)[0]);

        // 4. Its filters as pictures, and a hundred test images, each with predicted:true.
        foreach (var layer in new[] { "0", "4" }) launch.Save(Pictures.Filters(network, layer), $"filters-{layer}.svg");
        launch.Save(ml.Data.DrawImages(model.Transform(test), rows: 10, columns: 10, captionColumnNames: ["PredictedName", "Label"]), "predicted.svg");

        // 5. Saved for later use, and judged on the test images.
        var path = launch.FileOf("network.zip");
        ml.Model.SaveSafely(model, train.Schema, path);
        Console.WriteLine($"Saved to {path}.");
        double accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;

        // 6. Transfer: the same network learns the first five classes alone; its saved weights help to learn the others from 20 images each.
        var (scratch, frozen, tuned) = Transfer.Compare(ml, train, test, [.. data.ClassNames.Skip(5)], options with { OnBatchEnd = null }, launch.FileOf("half.zip"));
        Console.WriteLine($"{string.Join(", ", data.ClassNames.Skip(5))} from 20 images each: accuracy {scratch:F4} from scratch, {frozen:F4} with the frozen features of the other five, {tuned:F4} fine-tuned.");
        return accuracy;
    }
}
