using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace CnnMlNet.Tests;

/// <summary>Which part of an image ResizeImages keeps, and where it puts it.</summary>
[TestClass]
public sealed class ResizeImagesTests
{
    private readonly MLContext _ml = new(seed: 1);

    // The red of column x is 16 x, the green of row y is 16 y; each result names the first and the last column and row that are left.
    [TestMethod]
    [DataRow(Anchor.Left, 0, 3), DataRow(Anchor.Center, 2, 5), DataRow(Anchor.Right, 4, 7), DataRow(Anchor.Top, 2, 5), DataRow(Anchor.Bottom, 2, 5)]
    public void ResizeImages_IsoCropOfAWideImage_KeepsTheAnchorsSide(Anchor anchor, int first, int last)
    {
        var image = Resized(8, 4, 4, 4, ResizingKind.IsoCrop, anchor);

        Assert.AreEqual((16 * first, 16 * last, 0, 48), (image.Red(0, 0), image.Red(3, 0), image.Green(0, 0), image.Green(0, 3)));
    }

    [TestMethod]
    [DataRow(Anchor.Top, 0, 3), DataRow(Anchor.Center, 2, 5), DataRow(Anchor.Bottom, 4, 7), DataRow(Anchor.Left, 2, 5), DataRow(Anchor.Right, 2, 5)]
    public void ResizeImages_IsoCropOfATallImage_KeepsTheAnchorsSide(Anchor anchor, int first, int last)
    {
        var image = Resized(4, 8, 4, 4, ResizingKind.IsoCrop, anchor);

        Assert.AreEqual((0, 48, 16 * first, 16 * last), (image.Red(0, 0), image.Red(3, 0), image.Green(0, 0), image.Green(0, 3)));
    }

    [TestMethod]
    public void ResizeImages_IsoPad_CentresTheImageBetweenBlackEdges()
    {
        var image = Resized(4, 2, 4, 6, ResizingKind.IsoPad, Anchor.Center);

        for (int x = 0; x < 4; x++)
        {
            foreach (int y in new[] { 0, 1, 4, 5 }) Assert.AreEqual((0, 0, 0), (image.Red(x, y), image.Green(x, y), image.Alpha(x, y)));
            Assert.AreEqual((16 * x, 0, 255), (image.Red(x, 2), image.Green(x, 2), image.Alpha(x, 2)));
            Assert.AreEqual((16 * x, 16, 255), (image.Red(x, 3), image.Green(x, 3), image.Alpha(x, 3)));
        }
    }

    [TestMethod]
    public void ResizeImages_Fill_StretchesToTheEdges()
    {
        var image = Resized(2, 4, 6, 4, ResizingKind.Fill, Anchor.Center);

        for (int x = 0; x < 6; x++) Assert.AreEqual((x / 3 * 16, 48, 255), (image.Red(x, 3), image.Green(x, 3), image.Alpha(x, 3)));
    }

    private Seen Resized(int width, int height, int newWidth, int newHeight, ResizingKind kind, Anchor anchor)
    {
        using var folder = new TempFolder();
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) (pixels[3 * i], pixels[3 * i + 1]) = ((byte)(i % width * 16), (byte)(i / width * 16));
        File.WriteAllBytes(folder.File("a.png"), ImageFiles.Png(width, height, 8, 2, pixels));
        var view = _ml.Data.LoadFromEnumerable(new[] { new PathRow { Path = folder.File("a.png") } });
        var chain = _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ResizeImages("Small", newWidth, newHeight, "Image", kind, anchor));
        var resized = chain.Fit(view).Transform(view);
        Assert.AreEqual(new ImageDataViewType(newHeight, newWidth), resized.Schema["Small"].Type);
        foreach (var image in resized.GetColumn<MLImage>("Small")) return new(image.Pixels.ToArray(), image.Width);
        throw new InvalidOperationException("no row");
    }

    private sealed record Seen(byte[] Bgra, int Width)
    {
        public int Red(int x, int y) => Bgra[(y * Width + x) * 4 + 2];

        public int Green(int x, int y) => Bgra[(y * Width + x) * 4 + 1];

        public int Alpha(int x, int y) => Bgra[(y * Width + x) * 4 + 3];
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
