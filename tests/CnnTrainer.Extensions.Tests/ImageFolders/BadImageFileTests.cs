using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.ImageFolders;

/// <summary>One file that cannot be used, or looks as if it could not, among good ones in a folder.</summary>
[TestClass]
public sealed class BadImageFileTests
{
    private const int Good = 6;
    private static readonly byte[] Picture = ImageFiles.Png(11, 10, 8, 2, [.. Enumerable.Range(0, 330).Select(i => (byte)(i * 7))]);
    private static readonly CnnTrainerOptions Options =
        Some.Options with { FeatureColumnName = "Image", ImageShape = new(3, 8, 8), Epochs = 1, LoadingThreads = 2 };

    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public BadImageFileTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(e.Message);
    };

    [TestMethod]
    [DataRow("truncated.png", "its file is cut off: the end is missing"), DataRow("truncated.jpg", "its file is cut off: the end is missing")]
    [DataRow("truncated.webp", "its file is cut off: the end is missing"), DataRow("giant.png", "it has 40000 x 40000 pixels, more than the 100000000 that MostImagePixels in the options allows")]
    [DataRow("giant.jpg", "it has 40000 x 40000 pixels, more than the 100000000 that MostImagePixels in the options allows")]
    [DataRow("giant.gif", "it has 40000 x 40000 pixels, more than the 100000000 that MostImagePixels in the options allows")]
    [DataRow("giant.bmp", "it has 40000 x 40000 pixels, more than the 100000000 that MostImagePixels in the options allows")]
    [DataRow("zero bytes.png", null), DataRow("zero bytes.jpg", null), DataRow("text.png", null), DataRow("ein schöner Text 猫.jpg", null)]
    [DataRow("link to nothing.jpg", null), DataRow("folder.jpg", null)]
    public void Fit_BadFile_FailsOrSkipsOrReplacesIt(string name, string? reason) => AssertBad(name, reason);

    [TestMethod]
    [TestCategory("Codec")]
    [DataRow("corrupt.png"), DataRow("corrupt.jpg"), DataRow("truncated.gif"), DataRow("truncated.bmp")]
    public void Fit_FileThatTheDecoderRefuses_FailsOrSkipsOrReplacesIt(string name) => AssertBad(name, null);

    [TestMethod]
    public void Fit_WrongExtensionsAndUnusualNames_AreUsed()
    {
        using var folder = Folder();
        foreach (string name in new[] { "a/really a png.jpg", "a/ leading and trailing .png", "b/Größe 猫 İı 100%.png", "b/it's \"quoted\", with comma; and #.png", "b/folder.png/inside.png" })
            Write(folder, name, Picture);
        File.CreateSymbolicLink(folder.File("a/link.png"), folder.File("b/1.png"));

        using var model = Fit(_ml.Data.LoadImageFolder(folder.Path), BadImages.Fail());

        AssertHistory(model, Good + 6, null);
    }

    [TestMethod]
    [TestCategory("Codec")]
    public void Fit_GifAndJpegAmongPngs_AreUsed()
    {
        using var folder = Folder();
        Write(folder, "a/a.gif", ImageFiles.Gif(9, 9, (0, 0, 9, 9), new byte[81]));
        Write(folder, "a/a gif.jpg", ImageFiles.Gif(9, 9, (0, 0, 9, 9), new byte[81]));
        Write(folder, "b/a.jpg", Convert.FromBase64String(ImageFiles.Baseline));
        Write(folder, "b/progressive.jpeg", Convert.FromBase64String(ImageFiles.Progressive));
        Write(folder, "b/a.webp", Convert.FromBase64String(ImageFiles.LosslessWebP));

        using var model = Fit(_ml.Data.LoadImageFolder(folder.Path), BadImages.Fail());

        AssertHistory(model, Good + 5, null);
    }

    [EachCulture]
    public void Fit_ImageAboveMostPixels_IsBadWhetherItsFileIsKnownOrNot()
    {
        using var folder = Folder();
        var rows = Paths(folder);
        var known = _ml.Data.LoadFromEnumerable(rows.Select(path => new PhotoFile { ImagePath = path, Label = Class(path) }));
        var unknown = _ml.Data.LoadFromEnumerable(rows.Select(path => new PhotoFile { Place = path, Label = Class(path) }));
        foreach (var (view, column) in new[] { (known, "ImagePath"), (unknown, "Place") })
        {
            using (var model = Fit(view, BadImages.Fail(), column, most: 110)) AssertHistory(model, Good, null);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Fit(view, BadImages.Fail(), column, most: 109)).Message,
                "Training row 0 (counting from 0): the column 'Image' has no image that can be used: it has 11 x 10 pixels, more than the 109 that MostImagePixels in the options allows.");
        }
    }

    private void AssertBad(string name, string? reason)
    {
        using var folder = Folder();
        string path = folder.File($"b/{name}");
        Make(path);
        IDataView view = Directory.Exists(path)
            ? _ml.Data.LoadFromEnumerable(Paths(folder).Append(path).Select(path => new PhotoFile { ImagePath = path, Label = Class(path) }))
            : _ml.Data.LoadImageFolder(folder.Path);
        int row = view.GetColumn<string>("ImagePath").ToList().IndexOf(path);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(view, BadImages.Fail()));
        StringAssert.Contains(error.Message, $"Training row {row} (counting from 0): the column 'Image' has no image that can be used: {reason}");
        StringAssert.Contains(error.Message, $"It was to come from '{path}'.");

        using var skipped = Fit(view, BadImages.Skip());
        AssertHistory(skipped, Good, false);
        using var replaced = Fit(view, BadImages.Replace());
        AssertHistory(replaced, Good + 1, true);
        foreach (var image in new[] { skipped, replaced }.Select(model => model.LastTransformer.Model.History.SkippedImages!.Images.Single()))
        {
            Assert.AreEqual(("Training", (long)row, path), (image.Rows, image.Row, image.Path));
            Assert.AreEqual(reason ?? image.Reason, image.Reason);
            Assert.AreNotEqual("", image.Reason);
        }

        Assert.HasCount(1, _warnings.Where(text => text.Contains("1 image could not be used and was left out", StringComparison.Ordinal) && text.Contains(path, StringComparison.Ordinal)));
        Assert.HasCount(1, _warnings.Where(text => text.Contains("1 image could not be used and was replaced by black", StringComparison.Ordinal)));
    }

    private static void AssertHistory(TransformerChain<CnnTransformer> model, int rows, bool? areReplaced)
    {
        var history = model.LastTransformer.Model.History;
        Assert.AreEqual(rows, history.TrainingRows);
        Assert.AreEqual((areReplaced is null ? null : (int?)1, areReplaced), (history.SkippedImages?.Count, history.SkippedImages?.AreReplaced));
    }

    private static void Make(string path)
    {
        byte[] jpeg = Convert.FromBase64String(ImageFiles.Progressive), webP = Convert.FromBase64String(ImageFiles.LosslessWebP);
        byte[] gif = ImageFiles.Gif(9, 9, (0, 0, 9, 9), new byte[81]), bmp = ImageFiles.Bmp(5, 7, new byte[112]);
        if (Path.GetFileName(path) == "folder.jpg") Directory.CreateDirectory(path);
        else if (Path.GetFileName(path) == "link to nothing.jpg") File.CreateSymbolicLink(path, path + ".gone");
        else File.WriteAllBytes(path, Path.GetFileName(path) switch
        {
            "truncated.png" => Picture[..^20],
            "truncated.jpg" => jpeg[..^20],
            "truncated.webp" => webP[..^4],
            "truncated.gif" => gif[..^40],
            "truncated.bmp" => bmp[..^40],
            "giant.png" => ImageFiles.Png(40_000, 40_000, 8, 2, new byte[40_000]),
            "giant.jpg" => Giant(jpeg),
            "giant.gif" => ImageFiles.Gif(1, 1, (0, 0, 40_000, 40_000), new byte[81]),
            "giant.bmp" => ImageFiles.Bmp(40_000, 40_000, new byte[112]),
            "corrupt.png" => [.. Picture.Select((value, place) => place is > 45 and < 80 ? (byte)~value : value)],
            "corrupt.jpg" => [.. jpeg.Select((value, place) => place is > 20 and < 60 ? (byte)0xFF : value)],
            var text when text.Contains("ext", StringComparison.Ordinal) => "This is text and no image at all, whatever its name says."u8.ToArray(),
            _ => [],
        });

        static byte[] Giant(byte[] progressive)
        {
            int frame = progressive.AsSpan().IndexOf(new byte[] { 0xFF, 0xC2 });
            BinaryPrimitives.WriteUInt16BigEndian(progressive.AsSpan(frame + 5), 40_000);
            BinaryPrimitives.WriteUInt16BigEndian(progressive.AsSpan(frame + 7), 40_000);
            return progressive;
        }
    }

    private TransformerChain<CnnTransformer> Fit(IDataView view, BadImages bad, string column = "ImagePath", long? most = null)
    {
        var options = Options with { BadImages = bad };
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", "", column))
            .Append(new CnnTrainer(_ml, most is { } pixels ? options with { MostImagePixels = pixels } : options)).Fit(view);
    }

    private static TempFolder Folder()
    {
        var folder = new TempFolder();
        for (int i = 0; i < Good; i++) Write(folder, $"{(i % 2 == 0 ? 'a' : 'b')}/{i}.png", Picture);
        return folder;
    }

    private static string[] Paths(TempFolder folder) => [.. Directory.EnumerateFiles(folder.Path, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string Class(string path) => Path.GetFileName(Path.GetDirectoryName(path))!;

    private static void Write(TempFolder folder, string name, byte[] file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllBytes(folder.File(name), file);
    }

    private sealed class PhotoFile
    {
        public string ImagePath { get; set; } = "";

        public string Place { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
