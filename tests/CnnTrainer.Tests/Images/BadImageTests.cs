using System.Text.Json;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Images;

[TestClass]
public class BadImageTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { FeatureColumnName = "Image", ImageShape = new(3, 9, 8) };

    [EachCulture]
    public void Fit_BadImage_SaysRowPathReasonAndWhatToDo()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(Some.Context(), Options).Fit(Bad()));
        StringAssert.Contains(error.Message, "Training row 4 (counting from 0): the column 'Image' has no image that can be used: cut off. It was to come from 'photos/4.png'.");
        StringAssert.Contains(error.Message, "BadImages = BadImages.Skip()");
        Assert.IsInstanceOfType<IOException>(error.InnerException);
    }

    [TestMethod]
    public void Fit_DisposedImage_IsABadImage()
    {
        var view = new PhotoView(6, row =>
        {
            var image = PhotoView.Photo(row);
            if (row == 3) image.Dispose();
            return image;
        });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(Some.Context(), Options).Fit(view)).Message, "Training row 3 ");
    }

    [TestMethod]
    public void Fit_Skip_LearnsFromTheOthersAndSaysWhichWereLeftOut()
    {
        var ml = Some.Context();
        var warnings = new List<string>();
        ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.Message); };
        var options = Options with { BadImages = BadImages.Skip() };
        using var model = new CnnTrainer(ml, options).Fit(Bad(), Bad());
        var skipped = model.Model.History.SkippedImages!;
        Assert.AreEqual((4, false), (skipped.Count, skipped.AreReplaced));
        Assert.AreEqual(new SkippedImage("Training", 4, "photos/4.png", "cut off"), skipped.Images[0]);
        Assert.AreEqual(("Validation", 8L), (skipped.Images[3].Rows, skipped.Images[3].Row));
        Assert.AreEqual((58L, 58L), (model.Model.History.TrainingRows, model.Model.History.ValidationRows));
        Assert.HasCount(2, warnings.Where(text => text.Contains("2 images could not be used and were left out: ", StringComparison.Ordinal)));

        // The rows that are left keep their labels: what is learned is what the good rows alone teach.
        int[] good = [.. Enumerable.Range(0, 60).Where(row => row is not (4 or 8))];
        var others = new PhotoView(good.Length, place => PhotoView.Photo(good[place]), label: place => good[place] % 3);
        using var alone = new CnnTrainer(ml, options).Fit(others, others);
        CollectionAssert.AreEqual(alone.Model.History.BatchLosses.ToArray(), model.Model.History.BatchLosses.ToArray());
    }

    [TestMethod]
    public void Fit_Replace_KeepsTheRowsWithBlackImages()
    {
        var ml = Some.Context();
        using var model = new CnnTrainer(ml, Options with { BadImages = BadImages.Replace() }).Fit(Bad());
        using var black = new CnnTrainer(ml, Options).Fit(new PhotoView(60, row => row is 4 or 8 ? MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, new byte[8]) : PhotoView.Photo(row)));
        CollectionAssert.AreEqual(black.Model.History.BatchLosses.ToArray(), model.Model.History.BatchLosses.ToArray());
        Assert.AreEqual((2, true), (model.Model.History.SkippedImages!.Count, model.Model.History.SkippedImages.AreReplaced));
    }

    [TestMethod]
    public void Fit_SkipWithAllBad_ThrowsAndSaysWhy()
    {
        var view = new PhotoView(3, _ => throw new IOException("cut off"));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CnnTrainer(Some.Context(), Options with { BadImages = BadImages.Skip() }).Fit(view));
        StringAssert.Contains(error.Message, "3 images could not be used");
    }

    [TestMethod]
    public void History_SkippedImages_AreSavedAndListedAtMost100Times()
    {
        var ml = Some.Context();
        var view = new PhotoView(200, row => row < 150 ? null : PhotoView.Photo(row));
        using var model = new CnnTrainer(ml, Options with { BadImages = BadImages.Skip() }).Fit(view);
        using var file = new MemoryStream();
        ml.Model.Save(model, null, file);
        file.Position = 0;
        using var loaded = (CnnTransformer)ml.Model.Load(file, out _);
        Assert.AreEqual(model.Model.History, loaded.Model.History);
        var skipped = loaded.Model.History.SkippedImages!;
        Assert.AreEqual(150, skipped.Count);
        Assert.HasCount(100, skipped.Images);
        Assert.AreEqual(150, JsonDocument.Parse(loaded.Model.History.ToJson()).RootElement.GetProperty("skippedImages").GetProperty("count").GetInt32());
    }

    private static PhotoView Bad() => new(60, row => row == 4 ? throw new IOException("cut off") : row == 8 ? null : PhotoView.Photo(row));
}
