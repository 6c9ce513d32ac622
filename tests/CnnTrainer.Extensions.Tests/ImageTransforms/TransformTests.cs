using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace CnnMlNet.Tests;

/// <summary>ML.NET's image transforms, as this project relies on them.</summary>
[TestClass]
public sealed class TransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void LoadImages_RelativePath_IsReadFromTheFolderAndTagged()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("ein Bild ü.png"), ImageFiles.Png(2, 1, 8, 2, [10, 20, 30, 200, 100, 50]));
        var view = Paths("ein Bild ü.png", "");

        var loaded = _ml.Transforms.LoadImages("Image", folder.Path, "Path").Append(_ml.Transforms.LoadRawImageBytes("Raw", folder.Path, "Path"))
            .Fit(view).Transform(view);

        Assert.IsInstanceOfType<ImageDataViewType>(loaded.Schema["Image"].Type);
        int row = 0;
        foreach (var image in loaded.GetColumn<MLImage>("Image"))
        {
            Assert.AreEqual(row++ > 0, image is null, "an empty path is no image");
            if (image is null) continue;
            Assert.AreEqual((2, 1, folder.File("ein Bild ü.png")), (image.Width, image.Height, image.Tag));
        }
        var raw = loaded.GetColumn<byte[]>("Raw").ToList();
        CollectionAssert.AreEqual(File.ReadAllBytes(folder.File("ein Bild ü.png")), raw[0]);
        Assert.IsEmpty(raw[1]);
    }

    [TestMethod]
    public void LoadImages_MissingAndBrokenFiles_FailAsTheyAreRead()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("text.png"), "text");

        Assert.ThrowsExactly<FileNotFoundException>(() => Read(folder.File("none.png")));
        Assert.ThrowsExactly<ArgumentException>(() => Read(folder.File("text.png")));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => Read(folder.Path));

        void Read(string path)
        {
            var view = Paths(path);
            foreach (var _ in _ml.Transforms.LoadImages("Image", null, "Path").Fit(view).Transform(view).GetColumn<MLImage>("Image")) { }
        }
    }

    [TestMethod]
    public void ConvertToGrayscale_WeighsTheColours()
    {
        var view = Sized([0, 0, 200, 255, 0, 100, 0, 255]);

        foreach (var image in _ml.Transforms.ConvertToGrayscale("Grey", "Image").Fit(view).Transform(view).GetColumn<MLImage>("Grey"))
            CollectionAssert.AreEqual(new byte[] { 60, 60, 60, 255, 59, 59, 59, 255 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void ExtractPixels_ByDefault_GivesPlanesOfRedGreenBlue()
    {
        var pixels = Extracted<float>(_ml.Transforms.ExtractPixels("Pixels", "Image"), out var type);

        CollectionAssert.AreEqual(new float[] { 3, 6, 2, 5, 1, 4 }, pixels);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, 1, 2), type);
    }

    [TestMethod]
    public void ExtractPixels_Interleaved_FollowsTheOrderOffsetAndScale()
    {
        var pixels = Extracted<float>(_ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.All, ColorsOrder.ABGR, interleavePixelColors: true,
            offsetImage: 1, scaleImage: 2), out var type);

        CollectionAssert.AreEqual(new float[] { 508, 0, 2, 4, 508, 6, 8, 10 }, pixels);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 2, 4), type);
    }

    [TestMethod]
    [DataRow(ColorBits.Rgb, ColorsOrder.ARBG, new byte[] { 3, 6, 1, 4, 2, 5 }), DataRow(ColorBits.Green, ColorsOrder.ARGB, new byte[] { 2, 5 })]
    [DataRow(ColorBits.Red | ColorBits.Alpha, ColorsOrder.AGBR, new byte[] { 255, 255, 3, 6 })]
    public void ExtractPixels_AsBytes_TakesTheColoursAskedFor(ColorBits colours, ColorsOrder order, byte[] expected) => CollectionAssert.AreEqual(expected,
        Extracted<byte>(_ml.Transforms.ExtractPixels("Pixels", "Image", colours, order, offsetImage: 9, scaleImage: 0, outputAsFloatArray: false), out _));

    [TestMethod]
    public void ConvertToImage_OfExtractedPixels_IsTheImage()
    {
        var view = Sized([1, 2, 3, 255, 4, 5, 6, 255]);
        var chain = _ml.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true).Append(_ml.Transforms.ConvertToImage(1, 2, "Back", "Pixels",
            interleavedColors: true));

        foreach (var image in chain.Fit(view).Transform(view).GetColumn<MLImage>("Back"))
            CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 255, 4, 5, 6, 255 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void ConvertToImage_Scaled_IsRoundedAndWithoutAlpha()
    {
        var view = Rows.Vectors(_ml, [[1.5f, 100, 50, 2, 10, 40]]);

        foreach (var image in _ml.Transforms.ConvertToImage(1, 2, "Back", "Image", scaleImage: 2.5f, offsetImage: 3).Fit(view).Transform(view).GetColumn<MLImage>("Back"))
            CollectionAssert.AreEqual(new byte[] { 22, 122, 1, 0, 97, 2, 247, 0 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void WrongArguments_AreNamed()
    {
        AssertNames("imageWidth", () => _ml.Transforms.ResizeImages("Image", 0, 1));
        AssertNames("resizing", () => _ml.Transforms.ResizeImages("Image", 1, 1, resizing: (ResizingKind)9));
        AssertNames("colorsToExtract", () => _ml.Transforms.ExtractPixels("Image", colorsToExtract: 0));
        AssertNames("scaleImage", () => _ml.Transforms.ExtractPixels("Image", scaleImage: 0));
        AssertNames("imageHeight", () => _ml.Transforms.ConvertToImage(0, 1, "Image"));

        static void AssertNames(string parameter, Action action) => Assert.AreEqual(parameter, Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).ParamName);
    }

    [TestMethod]
    public void Columns_OfOtherTypes_AreRefused()
    {
        var (vectors, paths) = (Rows.Vectors(_ml, [[1]]), Paths("a"));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, "Image").Fit(vectors));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 2, 2, "Path").Fit(paths));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ExtractPixels("Image")).Fit(paths));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ConvertToImage(2, 2, "Image").Fit(vectors));
    }

    [TestMethod]
    public void SavedPipeline_Loaded_GivesTheSamePixels()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("a.png"), ImageFiles.Png(4, 2, 8, 2, [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))]));
        var view = Paths("a.png");
        var model = _ml.Transforms.LoadImages("Image", folder.Path, "Path").Append(_ml.Transforms.LoadRawImageBytes("Raw", folder.Path, "Path"))
            .Append(_ml.Transforms.ConvertToGrayscale("Image")).Append(_ml.Transforms.ResizeImages("Image", 3, 2, cropAnchor: Anchor.Left))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", orderOfExtraction: ColorsOrder.AGBR, offsetImage: 2, scaleImage: 0.5f))
            .Append(_ml.Transforms.ConvertToImage(2, 3, "Back", "Pixels", orderOfColors: ColorsOrder.AGBR))
            .Append(_ml.Transforms.ExtractPixels("Again", "Back", outputAsFloatArray: false)).Fit(view);
        _ml.Model.Save(model, view.Schema, folder.File("model.zip"));

        var loaded = new MLContext().Model.Load(folder.File("model.zip"), out _);

        foreach (string column in new[] { "Pixels", "Again", "Raw" })
            Assert.AreEqual(model.Transform(view).Schema[column].Type, loaded.Transform(view).Schema[column].Type);
        CollectionAssert.AreEqual(model.Transform(view).GetColumn<float[]>("Pixels").Single(), loaded.Transform(view).GetColumn<float[]>("Pixels").Single());
        CollectionAssert.AreEqual(model.Transform(view).GetColumn<byte[]>("Again").Single(), loaded.Transform(view).GetColumn<byte[]>("Again").Single());
    }

    [TestMethod]
    public void TypedRows_HoldImagesOfTheDeclaredSize()
    {
        var view = Sized([1, 2, 3, 255, 4, 5, 6, 255]);
        using var engine = _ml.Model.CreatePredictionEngine<Picture, PixelRow>(_ml.Transforms.ExtractPixels("Pixels", "Image").Fit(view));
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [9, 8, 7, 255, 6, 5, 4, 255]);

        CollectionAssert.AreEqual(new float[] { 7, 4, 8, 5, 9, 6 }, engine.Predict(new() { Image = image }).Pixels);
        Assert.AreEqual(new ImageDataViewType(1, 2), view.Schema["Image"].Type);
        Assert.AreEqual((2, 1), (_ml.Data.CreateEnumerable<Picture>(view, reuseRowObject: false).Single().Image is var read ? (read.Width, read.Height) : default));
    }

    private IDataView Paths(params string[] paths) => _ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }).ToList());

    private IDataView Sized(byte[] pixels) =>
        _ml.Data.LoadFromEnumerable(new[] { new Picture { Image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels) } });

    private T[] Extracted<T>(IEstimator<ITransformer> estimator, out DataViewType type)
    {
        var view = Sized([1, 2, 3, 255, 4, 5, 6, 255]);
        var result = estimator.Fit(view).Transform(view);
        type = result.Schema["Pixels"].Type;
        return result.GetColumn<T[]>("Pixels").Single();
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class Picture
    {
        [ImageType(1, 2)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class PixelRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
