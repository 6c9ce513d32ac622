using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>Segmentation: a class for every pixel of noisy images of discs, squares and triangles, by a U-Net. The program draws them itself.</summary>
internal static class S7Shapes
{
    private const int TestImages = 500, Shown = 6;

    public static ExampleSystem System { get; } = new("s7", "segmentation: which pixels of an image are a disc, a square, a triangle", "mean IoU", Run) { Epochs = 15 };

    private static double Run(Launch launch)
    {
        // 1. The data: images of 48 x 48 pixels, and for each pixel a key; 500 others to test on.
        var ml = new MLContext(launch.Seed);
        var train = DrawnShapes.View(ml, launch.Images ?? 1_000, seed: 2 * launch.Seed);
        var test = DrawnShapes.View(ml, TestImages, seed: 2 * launch.Seed + 1);

        // 2. The recipe: a U-Net, one cycle of the learning rate, images and their labels flipped at random.
        var options = new CnnTrainerOptions
        {
            Head = Head.PerPixel(),
            Architecture = CnnArchitecture.UNet(channels: 16, depth: 2),
            Epochs = launch.Epochs,
            BatchSize = 20,
            PixelScaling = PixelScaling.Standard(),
            Optimizer = Optimizer.AdamW(learningRate: 0.01, weightDecay: 0.01) with { SparesBiasesAndNorms = true },
            Schedule = Schedule.OneCycle(cycleMomentum: false),
            Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.FlipVertical()),
        };
        Console.WriteLine(options.Architecture.Summarize(DrawnShapes.Shape, outputs: DrawnShapes.Names.Length, perPixel: true));

        // 3. The pipeline, fitted: keys for every pixel, and their names.
        var pipeline = ml.MulticlassClassification.Trainers.Cnn(options.WithProgressBar())
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        using var model = pipeline.Fit(train);
        launch.Save(Pictures.Training(model.OfType<CnnTransformer>().Single().Model.History), "training.svg");

        // 4. Saved and loaded.
        var path = launch.FileOf("shapes.zip");
        ml.Model.SaveSafely(model, train.Schema, path);
        var loaded = ml.Model.Load(path, out _);
        using var owner = (IDisposable)loaded;
        Console.WriteLine($"Saved to {path}.");

        // 5. The test images: what is there, what the network says, and how well the two agree.
        var scored = loaded.Transform(test);
        launch.Save(Draw(ml.Data.TakeRows(scored, Shown)), "predicted.svg");
        var metrics = ml.MulticlassClassification.EvaluatePerPixel(scored);
        Console.WriteLine(metrics);
        return metrics.MeanIoU;
    }

    /// <summary>A row of pictures for each image: the image, its classes, the predicted ones.</summary>
    private static SvgPicture Draw(IDataView scored)
    {
        var images = scored.GetColumn<byte[]>("Features").Select(image => PictureTile.OfImage([.. image.Select(value => (float)value)], DrawnShapes.Shape, "image"));
        var (truths, guesses) = (Classes("Label", "truth"), Classes("PredictedLabel", "predicted"));
        PictureTile[] tiles = [.. images.Zip(truths, guesses).SelectMany(row => new[] { row.First, row.Second, row.Third })];
        return Pictures.Images(tiles, columns: 3, title: string.Join(", ", DrawnShapes.Names));

        IEnumerable<PictureTile> Classes(string column, string caption) => scored.GetColumn<uint[]>(column).Select(keys =>
            PictureTile.OfClasses([.. keys.Select(key => (int)key - 1)], DrawnShapes.Side, DrawnShapes.Side, caption));
    }
}
