using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class ImageSnippets : Snippet
{
    [TestMethod]
    public void Augmentations()
    {
        var options = new CnnTrainerOptions
        {
            Augmentation = Augmentation.Of(
                Augment.FlipHorizontal(), Augment.Shift(2), Augment.Rotate(degrees: 10), Augment.Brightness(0.2), Augment.Cutout(size: 3)),
        };

        StringAssert.Contains(AssertMatters(options).Augmentation!.ToString(), "rotate 10");
    }

    [TestMethod]
    public void Photographs()
    {
        using var folder = new TempFolder();
        var photoFolder = folder.Path;
        var rows = Enumerable.Range(0, 12).Select(row => new PhotoFile { Path = $"{row}.png", Label = row % 2 == 0 ? "dark" : "light" }).ToList();
        foreach (var (index, row) in rows.Index())
        {
            using var image = MLImage.CreateFromPixels(40, 30, MLPixelFormat.Bgra32, [.. Enumerable.Repeat((byte)(index % 2 == 0 ? 30 : 220), 40 * 30 * 4)]);
            image.Save(folder.File(row.Path));
        }

        rows.Add(new PhotoFile { Path = "gone.png", Label = "dark" });
        var photos = ml.Data.LoadFromEnumerable(rows);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", photoFolder, "Path"))          // Microsoft.ML.ImageAnalytics
            .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
            {
                FeatureColumnName = "Image",
                ImageShape = new ImageShape(Channels: 3, Height: 32, Width: 32),     // 1 channel for grey
                ImageResizing = ImageResizing.Crop,                                  // default Fill: stretched; or Pad: whole, with black bars
                BadImages = BadImages.Skip(),                                        // default Fail(); or Replace() by black
                MostImagePixels = 50_000_000,                                        // of one image; default 100 million
                ImageStorage = ImageStorage.Automatic,                               // or Memory, MappedFile, Streamed
                ImageMemory = 8L << 30,                                              // bytes; default a quarter of what is free
                Epochs = 2, Threads = 1,
            }));
        using var model = pipeline.Fit(photos);
        Console.WriteLine(model.LastTransformer.Model.History.SkippedImages);        // 1 image could not be used and was left out: Training row 12: ...

        Assert.AreEqual(1, model.LastTransformer.Model.History.SkippedImages!.Count);
        BadImages[] otherChoices = [BadImages.Fail(), BadImages.Replace()];

        Assert.HasCount(2, otherChoices.Distinct());
    }

    [TestMethod]
    public void OtherAugments()
    {
        Augment[] others =
        [
            Augment.FlipVertical(), Augment.Crop(padding: 2, PaddingMode.Reflect), Augment.ResizedCrop(minArea: 0.5),
            Augment.Scale(0.9, 1.1), Augment.Shear(degrees: 5), Augment.Contrast(0.2), Augment.Saturation(0.2),
            Augment.Erase(), Augment.Mixup(0.2), Augment.CutMix(),
        ];

        foreach (var augment in others.Where(augment => augment is not SaturationAugment))   // that one is for colours
            Fit(new CnnTrainerOptions { Augmentation = Augmentation.Of(augment), Epochs = 1 }).Dispose();
        var colours = Some.Keyed(ml, shape: new ImageShape(3, 8, 8));
        Fit(new CnnTrainerOptions { Augmentation = Augmentation.Of(others), Epochs = 1 }, colours).Dispose();
    }

    [TestMethod]
    public void Pixels()
    {
        var options = new CnnTrainerOptions
        {
            PixelScaling = PixelScaling.Standard(),            // mean and deviation of each channel of the training rows
        };
        var fixedNumbers = PixelScaling.Fixed(means: [123.7, 116.3, 103.5], deviations: [58.4, 57.1, 57.4]);
        var bytes = PixelScaling.ZeroToOne();                  // x / 255, the default for a column of Byte
        var asTheyAre = PixelScaling.None();                   // the default for a column of Single
        var asTorchvision = PixelScaling.ImageNet();           // what weights trained on ImageNet expect of values of 0 to 255, three channels

        AssertMatters(options);
        var colours = Some.Keyed(ml, shape: new ImageShape(3, 8, 8));
        foreach (var scaling in new[] { fixedNumbers, bytes, asTheyAre, asTorchvision }) Fit(new CnnTrainerOptions { PixelScaling = scaling, Epochs = 1 }, colours).Dispose();
    }

    [TestMethod]
    public void FilesOfImages()
    {
        using var folder = new TempFolder();
        var (imagesPath, labelsPath, batch1Path, batch2Path) = (folder.File("images"), folder.File("labels"), folder.File("1.bin"), folder.File("2.bin"));
        File.WriteAllBytes(imagesPath, [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);
        File.WriteAllBytes(labelsPath, [0, 0, 8, 1, 0, 0, 0, 1, 7]);
        File.WriteAllBytes(batch1Path, [8, .. new byte[3072]]);
        File.WriteAllBytes(batch2Path, [9, .. new byte[3072], 0, .. new byte[3072]]);

        var digits = ml.Data.LoadFromIdx(imagesPath, labelsPath);                // MNIST, Fashion-MNIST: [1, 28, 28]
        var photos = ml.Data.LoadFromCifar10(batch1Path, batch2Path);            // CIFAR-10: [3, 32, 32], the rows of both files in this order
        var renamed = ml.Data.LoadFromCifar10([batch1Path], classNames: ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "boat", "lorry"]);

        Assert.AreEqual("7", digits.GetColumn<string>("Label").Single());
        Assert.AreEqual("ship truck airplane", string.Join(' ', photos.GetColumn<string>("Label")));
        Assert.AreEqual("boat", renamed.GetColumn<string>("Label").Single());
    }

    [TestMethod]
    public void Columns()
    {
        var rows = Some.Rows(shape: new ImageShape(8, 8, 3)).Select(row => new FlatRow { Pixels = row.Features, Kind = row.Label }).ToList();
        var data = ml.Transforms.Conversion.MapValueToKey("Kind").Fit(ml.Data.LoadFromEnumerable(rows)).Transform(ml.Data.LoadFromEnumerable(rows));

        var options = new CnnTrainerOptions
        {
            FeatureColumnName = "Pixels",                      // default Features
            LabelColumnName = "Kind",                          // default Label
            ImageShape = new ImageShape(Channels: 3, Height: 8, Width: 8),   // for a column that has no dimensions
            Interleaved = true,                                // its values lie row, column, channel
            ScoreColumnName = "Chances", PredictedLabelColumnName = "Predicted",
        };

        using var model = Fit(options, data);
        Assert.IsTrue(model.Transform(data).Schema.GetColumnOrNull("Chances") is not null && model.Transform(data).Schema.GetColumnOrNull("Predicted") is not null);
    }

    private sealed class FlatRow
    {
        [VectorType(192)]
        public float[] Pixels { get; set; } = [];

        public string Kind { get; set; } = "";
    }

    private sealed class PhotoFile
    {
        public string Path { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
