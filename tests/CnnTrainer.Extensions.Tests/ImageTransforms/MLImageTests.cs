using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>MLImage from files, streams and pixels.</summary>
[TestClass]
public sealed class MLImageTests
{
    [TestMethod]
    public void CreateFromStream_ColourPng_GivesBlueFirstAndOpaque() =>
        AssertPixels(ImageFiles.Png(2, 1, 8, 2, [10, 20, 30, 200, 100, 50]), [30, 20, 10, 255, 50, 100, 200, 255]);

    [TestMethod]
    public void CreateFromStream_GreyPng_GivesThreeEqualColours() =>
        AssertPixels(ImageFiles.Png(2, 1, 8, 0, [7, 250]), [7, 7, 7, 255, 250, 250, 250, 255]);

    [TestMethod]
    public void CreateFromStream_PalettePng_GivesItsColours() => AssertPixels(
        ImageFiles.Png(3, 1, 8, 3, [2, 0, 1], ("PLTE", [1, 2, 3, 100, 110, 120, 7, 8, 9])), [9, 8, 7, 255, 3, 2, 1, 255, 120, 110, 100, 255]);

    [TestMethod]
    public void CreateFromStream_Bmp_GivesTheTopRowFirst() =>
        AssertPixels(ImageFiles.Bmp(1, 2, [1, 2, 3, 0, 4, 5, 6, 0]), [4, 5, 6, 255, 1, 2, 3, 255]);

    [TestMethod]
    [DataRow(""), DataRow("This is text and no image at all, whatever its name says.")]
    public void CreateFromStream_NoImage_IsAnArgumentException(string text)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(stream));
    }

    [TestMethod]
    public void CreateFromFile_MissingOrNoImage_IsAnArgumentException()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.png"), "text");

        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(folder.File("none.png")));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(folder.File("a.png")));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromFile(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32), DataRow(MLPixelFormat.Rgba32)]
    public void CreateFromPixels_KeepsBytesSizeFormatAndTag(MLPixelFormat format)
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];
        using var image = MLImage.CreateFromPixels(1, 2, format, pixels);
        image.Tag = "here";

        CollectionAssert.AreEqual(pixels, image.Pixels.ToArray());
        Assert.AreEqual((1, 2, 32, format, "here"), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat, image.Tag));
        CollectionAssert.AreEqual(format == MLPixelFormat.Bgra32 ? new byte[] { 1, 2, 3, 4, 5, 6 } : [3, 2, 1, 6, 5, 4], image.GetBGRPixels);
    }

    [TestMethod]
    [DataRow(0, 1, 4, MLPixelFormat.Bgra32), DataRow(1, -1, 4, MLPixelFormat.Bgra32), DataRow(1, 1, 5, MLPixelFormat.Rgba32), DataRow(1, 1, 4, MLPixelFormat.Unknown)]
    public void CreateFromPixels_WrongArguments_AreRefused(int width, int height, int bytes, MLPixelFormat format) =>
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(width, height, format, new byte[bytes]));

    [TestMethod]
    public void Save_Png_KeepsEveryPixel()
    {
        using var folder = new TempFolder();
        byte[] pixels = [.. Enumerable.Range(0, 48).Select(i => i % 4 == 3 ? (byte)255 : (byte)(i * 5))];
        using var image = MLImage.CreateFromPixels(4, 3, MLPixelFormat.Bgra32, pixels);

        image.Save(folder.File("Größe 猫.PNG"));

        using var read = MLImage.CreateFromFile(folder.File("Größe 猫.PNG"));
        CollectionAssert.AreEqual(pixels, read.Pixels.ToArray());
        Assert.AreEqual((4, 3), (read.Width, read.Height));
    }

    [TestMethod]
    [DataRow("a.gif"), DataRow("a.bmp"), DataRow("a.txt"), DataRow("a")]
    public void Save_OtherFormat_IsAnArgumentExceptionAndNoFile(string name)
    {
        using var folder = new TempFolder();
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, new byte[4]);

        Assert.ThrowsExactly<ArgumentException>(() => image.Save(folder.File(name)));
        Assert.IsFalse(File.Exists(folder.File(name)));
    }

    [TestMethod]
    public void Dispose_Twice_LeavesAnImageThatSaysSo()
    {
        var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, new byte[4]);
        image.Dispose();
        image.Dispose();

        Assert.ThrowsExactly<InvalidOperationException>(() => image.Width);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Pixels.Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Tag = "");
    }

    private static void AssertPixels(byte[] file, byte[] expected)
    {
        using var stream = new MemoryStream(file);
        using var image = MLImage.CreateFromStream(stream);

        CollectionAssert.AreEqual(expected, image.Pixels.ToArray());
        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
    }
}
