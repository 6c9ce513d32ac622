using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Tests.Images;

[TestClass]
public class ImageColumnTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { FeatureColumnName = "Image", ImageShape = new(3, 9, 8), Epochs = 8 };

    private sealed class PhotoFile
    {
        public string Path { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Photo
    {
        [ImageType(16, 16)]
        public MLImage? Image { get; set; }
    }

    [TestMethod]
    public void Fit_ImagesOfManySizes_LearnsThem()
    {
        var ml = Some.Context();
        var view = new PhotoView();
        using var model = new CnnTrainer(ml, Options).Fit(view);
        Assert.IsGreaterThan(0.95, ml.MulticlassClassification.Evaluate(model.Transform(view)).MicroAccuracy);
        Assert.AreEqual(0, view.Alive);
        Assert.IsInstanceOfType<ImageDataViewType>(model.FeatureColumnType);
    }

    [TestMethod]
    [DataRow(ImageResizing.Fill)]
    [DataRow(ImageResizing.Pad)]
    [DataRow(ImageResizing.Crop)]
    public void Fit_Images_IsTheSameAsFitOfTheirResizedBytes(ImageResizing resizing)
    {
        var ml = Some.Context();
        var (shape, view) = (new ImageShape(1, 9, 8), new PhotoView());
        var rows = Enumerable.Range(0, 60).Select(row => new ByteRow { Features = Resized(PhotoView.Photo(row), shape, resizing), Label = new[] { "top", "middle", "bottom" }[row % 3] });
        var options = Options with { ImageShape = shape, ImageResizing = resizing };
        using var ofImages = new CnnTrainer(ml, options).Fit(view);
        using var ofBytes = new CnnTrainer(ml, options with { FeatureColumnName = "Features" }).Fit(ByteRow.View(ml, rows, shape));
        CollectionAssert.AreEqual(ofBytes.Model.History.BatchLosses.ToArray(), ofImages.Model.History.BatchLosses.ToArray());
    }

    [TestMethod]
    public void Pipeline_LoadImagesThenCnn_LearnsSavesAndPredictsFromFiles()
    {
        using var folder = new TempFolder();
        var ml = Some.Context();
        for (int row = 0; row < 30; row++)
        {
            using var photo = PhotoView.Photo(row);
            photo.Save(folder.File($"{row}.png"));
        }

        PhotoFile[] files = [.. Enumerable.Range(0, 30).Select(row => new PhotoFile { Path = $"{row}.png", Label = "c" + row % 3 })];
        var data = ml.Data.LoadFromEnumerable(files);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", folder.Path, "Path"))
            .Append(new CnnTrainer(ml, Options with { Epochs = 15 }));
        Assert.AreEqual("PredictedLabel", pipeline.GetOutputSchema(SchemaShape.Create(data.Schema)).Single(column => column.Name == "PredictedLabel").Name);
        using var model = pipeline.Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var loaded = ml.Model.Load(file, out _);
        float[][] scores = Some.Scores(model.Transform(data));
        Assert.IsGreaterThan(0.9, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        using var engine = ml.Model.CreatePredictionEngine<PhotoFile, Prediction>(loaded);
        for (int row = 0; row < 30; row++) CollectionAssert.AreEqual(scores[row], engine.Predict(files[row]).Score);
    }

    [TestMethod]
    public void Fit_RedFirst_GivesTheSameAsBlueFirst()
    {
        var ml = Some.Context();
        using var blueFirst = new CnnTrainer(ml, Options).Fit(new PhotoView());
        using var redFirst = new CnnTrainer(ml, Options).Fit(new PhotoView(image: row => PhotoView.Photo(row, MLPixelFormat.Rgba32)));
        CollectionAssert.AreEqual(blueFirst.Model.History.BatchLosses.ToArray(), redFirst.Model.History.BatchLosses.ToArray());
    }

    [TestMethod]
    public void Fit_TypeWithASize_NeedsNoImageShape()
    {
        var view = new PhotoView(type: new ImageDataViewType(11, 10));
        using var model = new CnnTrainer(Some.Context(), Options with { ImageShape = null }).Fit(view, view);
        Assert.AreEqual(new ImageShape(3, 11, 10), model.Model.ImageShape);
    }

    [TestMethod]
    public void Score_SavedModel_GivesTheSameOneByOneAndAhead()
    {
        var ml = Some.Context();
        var view = new PhotoView();
        using var trained = new CnnTrainer(ml, Options with { ImageResizing = ImageResizing.Pad }).Fit(view);
        using var file = new MemoryStream();
        ml.Model.Save(trained, view.Schema, file);
        file.Position = 0;
        using var loaded = (CnnTransformer)ml.Model.Load(file, out _);
        Assert.AreEqual(new PixelFormat(new(3, 9, 8), PixelType.Byte, false, ImageResizing.Pad), loaded.Model.Content.Format);

        float[][] ahead = Some.Scores(trained.Transform(view));
        CollectionAssert.AreEqual(ahead.SelectMany(row => row).ToArray(), Some.FlatScores(loaded.Transform(view)));
        using var engine = ml.Model.CreatePredictionEngine<Photo, Prediction>(loaded.With());
        for (int row = 0; row < 9; row++)
        {
            using var image = PhotoView.Photo(row);
            CollectionAssert.AreEqual(ahead[row], engine.Predict(new Photo { Image = image }).Score, $"row {row}");
            Assert.IsGreaterThan(0, image.Width);   // it is the user's: alive
        }

        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void File_ImagesOfTwoChannels_IsRefused()
    {
        using var model = Some.Trained(Some.Context());
        var forged = model.Model.Content with { Format = new PixelFormat(new(1, 8, 8), PixelType.Single, false, ImageResizing.Fill) };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => forged.Checked()).Message, "images become bytes of 1 or 3 channels");
    }

    [TestMethod]
    public void Score_OneBadImage_ThrowsForItsRowAlone()
    {
        using var model = new CnnTrainer(Some.Context(), Options).Fit(new PhotoView());
        var scored = model.Transform(new PhotoView(5, row => row == 2 ? throw new IOException("gone") : row == 3 ? null : PhotoView.Photo(row)));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> value = default;
        for (int row = 0; row < 5; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row is 2 or 3) StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => score(ref value)).Message, $"Row {row} (counting from 0): the column 'Image'");
            else score(ref value);
        }
    }

    [TestMethod]
    public void Fit_NoSize_SaysTheLineToWrite()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(Some.Context(), Options with { ImageShape = null }).Fit(new PhotoView()));
        StringAssert.Contains(error.Message, "ImageShape = new ImageShape(3, 224, 224)");
    }

    [TestMethod]
    public void Fit_TwoChannelsOrInterleaved_Throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(Some.Context(), Options with { ImageShape = new(2, 8, 8) }).Fit(new PhotoView()));
        StringAssert.Contains(error.Message, "not the 2 of the ImageShape 2 x 8 x 8");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(Some.Context(), Options with { Interleaved = true }).Fit(new PhotoView()));
        StringAssert.Contains(error.Message, "leave Interleaved out");
    }

    [TestMethod]
    public void Transform_OtherKindOfColumn_SaysWhatIsNeeded()
    {
        var ml = Some.Context();
        using var ofImages = new CnnTrainer(ml, Options).Fit(new PhotoView());
        using var ofVectors = Some.Trained(ml);
        var vectors = ml.Transforms.CopyColumns("Image", "Features").Fit(Some.Keyed(ml)).Transform(Some.Keyed(ml));
        var images = ml.Transforms.CopyColumns("Features", "Image").Fit(new PhotoView()).Transform(new PhotoView());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ofImages.Transform(vectors)).Message, "was trained on images (ImageDataViewType)");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ofVectors.Transform(images)).Message, "holds images, but the network was trained on vectors of Single");
    }

    [TestMethod]
    public void FindLearningRate_Images_GivesACurve() =>
        Assert.IsNotEmpty(new CnnTrainer(Some.Context(), Options).FindLearningRate(new PhotoView(), 1e-4, 1, 10).Points);

    [TestMethod]
    public void DrawImages_OfAnySize_DrawsThem()
    {
        StringAssert.Contains(Some.Context().Data.DrawImages(new PhotoView(4), 2, 2, "Image", "Label").Svg, "bottom");
    }

    private static byte[] Resized(MLImage image, ImageShape shape, ImageResizing mode)
    {
        var made = new byte[shape.Size];
        using (image) new Resizer(shape.Channels, shape.Height, shape.Width, mode).Resize(image.Pixels, image.Height, image.Width, image.Width * 4, redFirst: false, made);
        return made;
    }
}
