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
        var imageNet = PixelScaling.Fixed(means: [123.7, 116.3, 103.5], deviations: [58.4, 57.1, 57.4]);
        var bytes = PixelScaling.ZeroToOne();                  // x / 255, the default for a column of Byte
        var asTheyAre = PixelScaling.None();                   // the default for a column of Single

        AssertMatters(options);
        var colours = Some.Keyed(ml, shape: new ImageShape(3, 8, 8));
        foreach (var scaling in new[] { imageNet, bytes, asTheyAre }) Fit(new CnnTrainerOptions { PixelScaling = scaling, Epochs = 1 }, colours).Dispose();
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
}
