using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>The files that only a whole codec reads: JPEG, WebP, GIF, PNG of every depth, alpha, and damaged ones.</summary>
[TestClass]
[TestCategory("Codec")]
public sealed class CodecTests
{
    [TestMethod]
    [DataRow(ImageFiles.Baseline, 8), DataRow(ImageFiles.Progressive, 16)]
    public void CreateFromStream_ColourJpeg_GivesItsColour(string file, int height)
    {
        using var image = Decode(Convert.FromBase64String(file));

        Assert.AreEqual((16, height), (image.Width, image.Height));
        for (int i = 0; i < image.Pixels.Length; i += 4)
            AssertNear([50, 100, 200, 255], image.Pixels.Slice(i, 4), 3);
    }

    [TestMethod]
    public void CreateFromStream_GreyJpeg_GivesThreeEqualColours()
    {
        using var image = Decode(Convert.FromBase64String(ImageFiles.GreyJpeg));

        Assert.AreEqual((16, 8), (image.Width, image.Height));
        AssertNear([60, 60, 60, 255], image.Pixels[..4], 2);
        AssertNear([200, 200, 200, 255], image.Pixels[^4..], 2);
    }

    [TestMethod]
    public void CreateFromStream_FilesOfPillow_GiveItsPixels()
    {
        var cases = JsonSerializer.Deserialize<Recorded[]>(File.ReadAllText(Some.Recorded("images.json")), JsonSerializerOptions.Web)!;
        Assert.HasCount(5, cases);
        foreach (var recorded in cases)
        {
            using var image = Decode(recorded.File);

            Assert.AreEqual((recorded.Width, recorded.Height), (image.Width, image.Height), recorded.Name);
            for (int i = 0; i < recorded.Rgba.Length; i += 4)
            {
                byte alpha = recorded.Rgba[i + 3];
                byte[] expected = alpha == 0 ? [0, 0, 0, 0] : [recorded.Rgba[i + 2], recorded.Rgba[i + 1], recorded.Rgba[i], 255];
                AssertNear(expected, image.Pixels.Slice(i, 4), recorded.Tolerance, $"{recorded.Name}, pixel {i / 4}, ");
            }
        }
    }

    [TestMethod]
    public void CreateFromStream_GifFrameInsideItsScreen_LeavesTheRestTransparent()
    {
        using var image = Decode(ImageFiles.Gif(3, 3, new(1, 2, 2, 1), [4, 100]));

        byte[] expected = new byte[3 * 3 * 4];
        new byte[] { 12, 8, 4, 255, 44, 200, 100, 255 }.CopyTo(expected, (2 * 3 + 1) * 4);
        CollectionAssert.AreEqual(expected, image.Pixels.ToArray());
    }

    [TestMethod]
    public void CreateFromStream_GifFrameBeyondItsScreen_MakesItLarger()
    {
        using var image = Decode(ImageFiles.Gif(1, 1, new(1, 0, 1, 2), [1, 2]));

        Assert.AreEqual((2, 2), (image.Width, image.Height));
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 3, 2, 1, 255, 0, 0, 0, 0, 6, 4, 2, 255 }, image.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow(60_000, 60_000, 1, 1), DataRow(20_000, 20_000, 1, 1), DataRow(1, 1, 60_000, 60_000), DataRow(20_000, 20_000, 20_000, 20_000)]
    public void CreateFromStream_GiantGif_IsRefused(int width, int height, int frameWidth, int frameHeight) =>
        Assert.ThrowsExactly<ArgumentException>(() => Decode(ImageFiles.Gif(width, height, new(0, 0, frameWidth, frameHeight), new byte[2000])));

    [TestMethod]
    public void CreateFromStream_CutOffGif_IsRefused()
    {
        byte[] file = ImageFiles.Gif(20, 20, new(0, 0, 20, 20), new byte[400]);
        for (int length = 0; length < file.Length - 1; length++) Assert.ThrowsExactly<ArgumentException>(() => Decode(file[..length]), $"{length} bytes");
    }

    [TestMethod]
    public void CreateFromStream_TurnedByExif_IsNotTurned()
    {
        using var image = Decode(ImageFiles.Turned(Convert.FromBase64String(ImageFiles.GreyJpeg), orientation: 6));

        Assert.AreEqual((16, 8), (image.Width, image.Height));
        AssertNear([60, 60, 60, 255], image.Pixels[..4], 2);
    }

    [TestMethod]
    public void CreateFromStream_LosslessWebP_GivesItsPixels()
    {
        using var image = Decode(Convert.FromBase64String(ImageFiles.LosslessWebP));

        CollectionAssert.AreEqual(new byte[] { 30, 20, 10, 255, 50, 100, 200, 255 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void CreateFromStream_AlphaPng_PremultipliesTheColours()
    {
        using var image = Decode(ImageFiles.Png(3, 1, 8, 6, [10, 20, 30, 255, 200, 100, 50, 128, 9, 8, 7, 0]));

        CollectionAssert.AreEqual(new byte[] { 30, 20, 10, 255, 25, 50, 100, 128, 0, 0, 0, 0 }, image.Pixels.ToArray());
        AssertNear([30, 20, 10, 50, 100, 200, 0, 0, 0], image.GetBGRPixels, 1);
    }

    [TestMethod]
    public void CreateFromStream_GreyAlphaAndPaletteAlphaPng_PremultipliesTheColours()
    {
        using var grey = Decode(ImageFiles.Png(2, 1, 8, 4, [100, 128, 200, 255]));
        using var palette = Decode(ImageFiles.Png(2, 1, 8, 3, [0, 1], ("PLTE", [1, 2, 3, 100, 110, 120]), ("tRNS", [0, 128])));

        CollectionAssert.AreEqual(new byte[] { 50, 50, 50, 128, 200, 200, 200, 255 }, grey.Pixels.ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 60, 55, 50, 128 }, palette.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow(16, 2, new byte[] { 10, 10, 20, 20, 30, 30, 200, 200, 100, 100, 50, 50 }, new byte[] { 30, 20, 10, 255, 50, 100, 200, 255 })]
    [DataRow(16, 0, new byte[] { 7, 7, 250, 250 }, new byte[] { 7, 7, 7, 255, 250, 250, 250, 255 })]
    [DataRow(4, 0, new byte[] { 0x3C }, new byte[] { 51, 51, 51, 255, 204, 204, 204, 255 })]
    [DataRow(1, 0, new byte[] { 0x40 }, new byte[] { 0, 0, 0, 255, 255, 255, 255, 255 })]
    public void CreateFromStream_PngOfOtherDepths_GivesEightBits(int bits, int colour, byte[] rows, byte[] expected)
    {
        using var image = Decode(ImageFiles.Png(2, 1, bits, colour, rows));

        CollectionAssert.AreEqual(expected, image.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow("a.jpg"), DataRow("a.JPEG"), DataRow("a.webp")]
    public void Save_PhotographFormats_CanBeReadBack(string name)
    {
        using var folder = new TempFolder();
        using var image = Decode(Convert.FromBase64String(ImageFiles.Baseline));

        image.Save(folder.File(name));

        using var read = MLImage.CreateFromFile(folder.File(name));
        Assert.AreEqual((16, 8), (read.Width, read.Height));
        AssertNear(image.Pixels, read.Pixels, 3);
    }

    [TestMethod]
    public void CreateFromStream_HeaderOfAGiant_EndsWithoutTheMemory()
    {
        var png = ImageFiles.Png(30_000, 30_000, 8, 2, [.. new byte[30_000]]);
        using var stream = new MemoryStream(png);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<Exception>(() => MLImage.CreateFromStream(stream));

        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void CreateFromStream_MutatedFiles_AreImagesOrRefused()
    {
        int mutations = int.TryParse(Environment.GetEnvironmentVariable("CNN_MUTATIONS"), out int asked) ? asked : 300;
        byte[] noise = new byte[40 * 30 * 3];
        var random = new Random(8);
        random.NextBytes(noise);
        byte[][] files = [ImageFiles.Png(40, 30, 8, 2, noise), Convert.FromBase64String(ImageFiles.Progressive), Convert.FromBase64String(ImageFiles.GreyJpeg), Convert.FromBase64String(ImageFiles.LosslessWebP),
            ImageFiles.Gif(40, 30, new(4, 3, 30, 20), [.. noise.Take(600).Select(value => (byte)(value % 128))])];
        int refused = 0;
        long before = Peak();
        for (int i = 0; i < mutations; i++)
        {
            byte[] bytes = [.. files[i % files.Length]];
            for (int flips = random.Next(1, 8); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                using var image = Decode(bytes);
                Assert.AreEqual(image.Width * image.Height * 4, image.Pixels.Length);
            }
            catch (Exception e) when (e is ArgumentException || e.GetType() == typeof(Exception))
            {
                refused++;
            }
        }
        Assert.IsInRange(mutations / 10, mutations, refused);
        Assert.IsLessThan(500_000_000, Peak() - before, "bytes of memory");

        static long Peak()
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    private static MLImage Decode(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return MLImage.CreateFromStream(stream);
    }

    private static void AssertNear(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int tolerance, string where = "")
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual((double)expected[i], actual[i], tolerance, $"{where}byte {i}");
    }

    /// <summary>A file, and what tests/recorded/record_images.py says that Pillow reads from it.</summary>
    private sealed record Recorded(string Name, byte[] File, int Width, int Height, int Tolerance, byte[] Rgba);
}
