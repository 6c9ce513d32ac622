using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

/// <summary>What each step draws, and what it does to values.</summary>
[TestClass]
public sealed class AugmenterTests
{
    private const int Many = 4000;
    private static readonly Raster Line = new(1, 1, 4, ChannelsLast: true);
    private static readonly Raster Square = new(1, 9, 9, ChannelsLast: true);
    private static readonly Raster Colours = new(3, 2, 2, ChannelsLast: true);
    private static readonly float[] FourColours = [10, 20, 30, 200, 100, 50, 0, 0, 0, 255, 255, 255];

    [TestMethod]
    public void FlipHorizontal_ThreeInTen_FlipsThatShare()
    {
        int flipped = Draws(Augment.FlipHorizontal(0.3), Line, [1, 2, 3, 4]).Count(image => image.SequenceEqual([4f, 3, 2, 1]));
        Assert.AreEqual(0.3, (double)flipped / Many, 0.03);
    }

    [TestMethod]
    public void FlipVertical_Half_FlipsThatShare()
    {
        int flipped = Draws(Augment.FlipVertical(), new Raster(1, 4, 1, true), [1, 2, 3, 4]).Count(image => image.SequenceEqual([4f, 3, 2, 1]));
        Assert.AreEqual(0.5, (double)flipped / Many, 0.03);
    }

    [TestMethod]
    public void Shift_RowsAndColumns_DrawsEachPlaceAlike()
    {
        var counts = Draws(Augment.Shift(1, 2), Square, Dot(4, 4)).GroupBy(image => Array.IndexOf(image, 1f)).ToDictionary(group => group.Key, group => group.Count());
        Assert.HasCount(15, counts);
        foreach (var (place, count) in counts)
        {
            Assert.IsTrue(place / 9 is >= 3 and <= 5 && place % 9 is >= 2 and <= 6, $"place {place}");
            Assert.AreEqual(Many / 15.0, count, 5 * Math.Sqrt(Many / 15.0));
        }
    }

    [TestMethod]
    public void Crop_Padding_IsAShift() => Assert.AreEqual(Augment.Shift(4, PaddingMode.Reflect), Augment.Crop(4, PaddingMode.Reflect));

    [TestMethod]
    public void Rotate_ThirtyDegrees_TurnsEitherWayAndKeepsTheMiddle()
    {
        var images = Draws(Augment.Rotate(30), Square, Dot(4, 7)).ToList();
        var angles = images.Select(image => Math.Atan2(Centre(image).Y, Centre(image).X) * 180 / Math.PI).ToArray();
        Assert.IsTrue(angles.All(angle => Math.Abs(angle) < 36), "a pixel is wide");
        Assert.IsTrue(angles.Max() > 20 && angles.Min() < -20, $"{angles.Min()} to {angles.Max()}");
        Assert.AreEqual(0, angles.Average(), 1);
        foreach (var image in Draws(Augment.Rotate(30), Square, Dot(4, 4))) Assert.AreEqual(1, image[4 * 9 + 4], 1e-6);
    }

    [TestMethod]
    public void Scale_HalfToDouble_MovesADotInAndOut()
    {
        var distances = Draws(Augment.Scale(0.5, 1.5), Square, Dot(4, 6)).Select(image => Centre(image).X).ToArray();
        Assert.IsTrue(distances.Min() is > 0.9 and < 1.2 && distances.Max() is > 2.8 and < 3.1, $"{distances.Min()} to {distances.Max()}");
        Assert.AreEqual(2, distances.Average(), 0.1);
    }

    [TestMethod]
    public void Shear_Degrees_MovesRowsToTheSideAlone()
    {
        foreach (var image in Draws(Augment.Shear(20), Square, Dot(1, 4)))
        {
            var (x, y) = Centre(image);
            Assert.AreEqual(-3, y, 1e-5);
            Assert.IsLessThanOrEqualTo(3 * Math.Tan(20 * Math.PI / 180) + 1e-5, Math.Abs(x));
        }
    }

    [TestMethod]
    public void ResizedCrop_Quarter_ShowsPartOfTheImage()
    {
        float[] ramp = [.. Enumerable.Range(0, 81).Select(i => (float)(i % 9))];
        foreach (var image in Draws(Augment.ResizedCrop(0.25, 0.25, 1, 1), Square, ramp).Take(200))   // 4.5 x 4.5 pixels, rounded to 4
        {
            Assert.AreEqual(3, image[8] - image[0], 1e-5, "of four columns");
            CollectionAssert.AreEqual(image[..9], image[72..]);
        }
    }

    [TestMethod]
    public void Brightness_OfBytes_IsAFactorThatStaysInTheirRange()
    {
        var images = Draws(Augment.Brightness(0.5), Line, [0, 100, 200, 255]).ToList();
        foreach (var image in images)
        {
            Assert.AreEqual(0, image[0]);
            Assert.AreEqual(Math.Min(255, 2 * image[1]), image[2], 1e-3);
        }

        Assert.AreEqual(50, images.Min(image => image[1]), 1);
        Assert.AreEqual(150, images.Max(image => image[1]), 1);
        Assert.AreEqual(100, images.Average(image => image[1]), 2);
        Assert.AreEqual(255, images.Max(image => image[3]));
    }

    [TestMethod]
    public void Brightness_OfFloats_CutsNothingOff()
    {
        var images = Draws(Augment.Brightness(2), Line, [-1, 0, 100, 255], bytes: false).ToList();
        Assert.IsGreaterThan(700, images.Max(image => image[3]));
        Assert.IsLessThan(-2.9, images.Min(image => image[0]));
        Assert.IsTrue(images.Min(image => image[3]) is >= 0 and < 1, "no factor is below 0");
    }

    [TestMethod]
    public void Contrast_OfFloats_KeepsTheMeanGrey()
    {
        double grey = (Grey(10, 20, 30) + Grey(200, 100, 50) + Grey(255, 255, 255)) / 4;
        foreach (var image in Draws(Augment.Contrast(0.5), Colours, FourColours, bytes: false).Take(100))
        {
            double factor = (image[9] - image[6]) / 255;
            Assert.IsTrue(factor is >= 0.4999 and <= 1.5001);
            for (int i = 0; i < 12; i++) Assert.AreEqual(grey + factor * (FourColours[i] - grey), image[i], 1e-3);
        }

        foreach (var image in Draws(Augment.Contrast(0.5), Line, [1, 2, 3, 6], bytes: false).Take(100)) Assert.AreEqual(3, image.Average(), 1e-5);
    }

    [TestMethod]
    public void Saturation_OfFloats_KeepsTheGreyOfEachPixel()
    {
        foreach (bool channelsLast in new[] { true, false })
        {
            float[] colours = channelsLast ? FourColours : [10, 200, 0, 255, 20, 100, 0, 255, 30, 50, 0, 255];
            var (red, green, blue) = channelsLast ? (3, 4, 5) : (1, 5, 9);
            var images = Draws(Augment.Saturation(1), Colours with { ChannelsLast = channelsLast }, colours, bytes: false).ToList();
            foreach (var image in images)
            {
                double grey = Grey(200, 100, 50), factor = (image[red] - image[green]) / 100;
                Assert.AreEqual(grey + factor * (200 - grey), image[red], 0.05);
                Assert.AreEqual(grey + factor * (50 - grey), image[blue], 0.05);
            }

            Assert.IsLessThan(2, images.Min(image => image[red] - image[green]), "nearly grey");
            Assert.IsGreaterThan(198, images.Max(image => image[red] - image[green]));
        }
    }

    [TestMethod]
    public void Erase_Draws_AreRectanglesWithinTheirRanges()
    {
        var raster = new Raster(2, 20, 30, ChannelsLast: true);
        int erased = 0;
        foreach (var image in Draws(Augment.Erase(0.5, 0.1, 0.2, 0.5, 2), raster, [.. Enumerable.Repeat(1f, raster.Size)], fill: 7))
        {
            var places = Enumerable.Range(0, 600).Where(pixel => image[2 * pixel] == 7).ToList();
            CollectionAssert.AreEqual(places, Enumerable.Range(0, 600).Where(pixel => image[2 * pixel + 1] == 7).ToList(), "all channels");
            if (places.Count == 0) continue;
            erased++;
            int height = places.Max(p => p / 30) - places.Min(p => p / 30) + 1, width = places.Max(p => p % 30) - places.Min(p => p % 30) + 1;
            Assert.HasCount(height * width, places);
            Assert.IsTrue(height * width is >= 50 and <= 135, $"{height} x {width}, of 60 to 120 rounded");
            Assert.IsTrue((double)height / width is > 0.4 and < 2.4, $"{height} x {width}");
        }

        Assert.AreEqual(0.5, (double)erased / Many, 0.03);
    }

    [TestMethod]
    public void Cutout_AnyPlace_IsASquareLessWhatIsOutside()
    {
        var areas = Draws(Augment.Cutout(3), Square, [.. Enumerable.Repeat(1f, 81)]).GroupBy(image => image.Count(value => value == 0)).ToDictionary(group => group.Key, group => group.Count());
        CollectionAssert.AreEquivalent(new[] { 4, 6, 9 }, areas.Keys);   // at a corner, at a border, within
        Assert.AreEqual(49.0 / 81, (double)areas[9] / Many, 0.03);
        Assert.AreEqual(4.0 / 81, (double)areas[4] / Many, 0.02);
        Assert.AreEqual(0.4, Draws(Augment.Cutout(3, 0.4), Square, [.. Enumerable.Repeat(1f, 81)]).Count(image => image.Contains(0)) / (double)Many, 0.03);
    }

    [TestMethod]
    public void Apply_ThousandImages_AllocatesNothing()
    {
        var augmenter = new Augmenter(Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(2), Augment.Rotate(10), Augment.ResizedCrop(), Augment.Contrast(0.1), Augment.Erase()), Square, true);
        var image = Dot(4, 4);
        for (int i = 0; i < 100; i++) augmenter.Apply(image, (ulong)i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) augmenter.Apply(image, (ulong)i);
        Assert.IsLessThan(1000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<float[]> Draws(Augment step, Raster raster, float[] image, bool bytes = true, double fill = 0)
    {
        var augmenter = new Augmenter(Augmentation.Of(step) with { Fill = fill }, raster, bytes);
        for (int i = 0; i < Many; i++)
        {
            float[] copy = [.. image];
            augmenter.Apply(copy, RandomStream.Scramble((ulong)i));
            yield return copy;
        }
    }

    private static float[] Dot(int row, int column) => [.. Enumerable.Range(0, 81).Select(i => i == row * 9 + column ? 1f : 0)];

    /// <summary>Where the light is, from the middle.</summary>
    private static (double X, double Y) Centre(float[] image)
    {
        double sum = image.Sum();
        return (image.Select((value, i) => value * (i % 9 - 4)).Sum() / sum, image.Select((value, i) => value * (i / 9 - 4)).Sum() / sum);
    }

    private static double Grey(double red, double green, double blue) => 0.2989 * red + 0.587 * green + 0.114 * blue;
}
