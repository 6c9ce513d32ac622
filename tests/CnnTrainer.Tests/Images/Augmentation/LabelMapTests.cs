using CnnMlNet.Images;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Images;

/// <summary>Labels go where augmentation moves the pixels: images whose pixels are their labels stay so.</summary>
[TestClass]
public sealed class LabelMapTests
{
    private const int Height = 9, Width = 7;

    public static IEnumerable<object[]> Exact =>
    [
        [Augmentation.Of(Augment.FlipHorizontal())], [Augmentation.Of(Augment.FlipVertical())], [Augmentation.Of(Augment.Shift(3, 2))],
        [Augmentation.Of(Augment.Shift(4, PaddingMode.Reflect))], [Augmentation.Of(Augment.Crop(2, PaddingMode.Replicate), Augment.FlipHorizontal())],
        [Augmentation.Of(Augment.FlipVertical(), Augment.Shift(1, PaddingMode.Circular))],
    ];

    public static IEnumerable<object[]> Resampled =>
    [
        [Augmentation.Of(Augment.Rotate(40))], [Augmentation.Of(Augment.Scale(0.6, 1.6))], [Augmentation.Of(Augment.Shear(30, PaddingMode.Replicate))],
        [Augmentation.Of(Augment.ResizedCrop())], [Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(1), Augment.Rotate(15), Augment.Scale(0.8, 1.2), Augment.ResizedCrop(0.4))],
    ];

    [TestMethod]
    [DynamicData(nameof(Exact))]
    public void Labels_OfWholePixelMoves_AreThePixels(Augmentation augmentation)
    {
        bool moved = false;
        foreach (var (image, labels) in Draws(augmentation, Numbered()))
        {
            CollectionAssert.AreEqual(image, labels.Select(label => (float)label).ToArray(), augmentation.ToString());
            moved |= !labels.SequenceEqual(Numbered());
        }

        Assert.IsTrue(moved);
    }

    [TestMethod]
    [DynamicData(nameof(Resampled))]
    public void Labels_OfTurnsAndEnlargements_AreThoseOfTheNearestPixel(Augmentation augmentation)
    {
        // On a ramp a value between pixels is the mean of its neighbours: the nearest is half a step up or down and half a step to a side away at most.
        const float Down = 4, Right = 6;
        byte[] ramp = [.. Enumerable.Range(0, Height * Width).Select(i => (byte)(100 + Down * (i / Width) + Right * (i % Width)))];
        var (reaches, compared) = (Draws(Augmentation.Of(augmentation.Steps), [.. Enumerable.Repeat((byte)100, ramp.Length)]).ToList(), 0);
        foreach (var ((image, labels), (whole, _)) in Draws(augmentation, ramp).Zip(reaches))
        {
            for (int i = 0; i < labels.Length; i++)
            {
                if (whole[i] < 99.9f) continue;   // part of it comes from beyond the border
                Assert.AreEqual(labels[i], image[i], (Down + Right) / 2 + 0.01, $"{augmentation}, pixel {i}");
                compared++;
            }
        }

        Assert.IsGreaterThan(500, compared);
    }

    [TestMethod]
    public void Labels_TurnedByANumberedAngle_SitOnTheObject()
    {
        // A square in the middle of a large image, turned: where the image is bright the label is there, and nowhere else.
        var raster = new Raster(1, 41, 41, ChannelsLast: false);
        var (square, labels) = (new float[41 * 41], new byte[41 * 41]);
        for (int i = 0; i < labels.Length; i++) labels[i] = (byte)(Math.Abs(i / 41 - 20) <= 8 && Math.Abs(i % 41 - 24) <= 6 ? 2 : 1);
        int unlabelled = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            for (int i = 0; i < square.Length; i++) square[i] = labels[i] - 1;
            var map = (byte[])labels.Clone();
            var augmenter = new Augmenter(Augmentation.Of(Augment.Rotate(90), Augment.Scale(0.7, 1.3)), raster, bytes: false);
            augmenter.Apply(square, seed);
            augmenter.Apply(map, seed);
            int wrong = map.Zip(square).Count(pixel => pixel.First != 0 && (pixel.First == 2) != (pixel.Second > 0.5f) && Math.Abs(pixel.Second - 0.5f) > 0.35f);
            Assert.AreEqual(0, wrong, $"seed {seed}");
            Assert.IsGreaterThan(50, map.Count(label => label == 2));
            unlabelled += map.Count(label => label == 0);
        }

        Assert.IsGreaterThan(1000, unlabelled, "what comes in from outside has no label");
    }

    [TestMethod]
    public void Labels_OfColoursAndErasing_StayAsTheyAre()
    {
        foreach (var (_, labels) in Draws(Augmentation.Of(Augment.Brightness(0.5), Augment.Contrast(0.5), Augment.Erase(1), Augment.Cutout(3)), Numbered()))
            CollectionAssert.AreEqual(Numbered(), labels);
    }

    [TestMethod]
    public void Feed_OfAugmentedImages_GivesLabelsThatMovedWithThem()
    {
        var format = new PixelFormat(new ImageShape(1, Height, Width), PixelType.Byte, false);
        using var store = new StoredImages(format, 6);
        var targets = new LabelMaps(Height * Width);
        for (int row = 0; row < 6; row++)
        {
            byte[] image = [.. Numbered().Select(number => (byte)(number + row))];
            image.CopyTo(store.Add());
            targets.Add(image);
        }

        using var feed = new Feed(store, targets, PixelTransform.Identity(1), 4, CPU, Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(2)));
        foreach (var batch in feed.Read([5, 0, 3, 1, 2, 4], new Draws(row => (ulong)row * 77, index => (ulong)index)))
        {
            using var scope = NewDisposeScope();
            var loaded = batch.Load();
            CollectionAssert.AreEqual(
                loaded.Images.contiguous().data<float>().ToArray(), loaded.Targets.to(ScalarType.Float32).data<float>().ToArray());
        }
    }

    /// <summary>Pixels told apart by their values, from 1.</summary>
    private static byte[] Numbered() => [.. Enumerable.Range(1, Height * Width).Select(i => (byte)i)];

    private static IEnumerable<(float[] Image, byte[] Labels)> Draws(Augmentation augmentation, byte[] pixels)
    {
        var augmenter = new Augmenter(augmentation, new Raster(1, Height, Width, ChannelsLast: true), bytes: false);
        for (ulong seed = 0; seed < 40; seed++)
        {
            var (image, labels) = (pixels.Select(pixel => (float)pixel).ToArray(), (byte[])pixels.Clone());
            augmenter.Apply(image, seed * 1234567);
            augmenter.Apply(labels, seed * 1234567);
            yield return (image, labels);
        }
    }
}
