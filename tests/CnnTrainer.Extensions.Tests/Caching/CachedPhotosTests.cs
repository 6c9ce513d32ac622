using CnnMlNet.Tests.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Tests.Caching;

/// <summary>Columns of images that many trainings share: decoded once, and what is learned is what is learned without, bit for bit.</summary>
[TestClass]
public sealed class CachedPhotosTests
{
    private static readonly ImageShape Shape = new(3, 9, 8);
    private static readonly CnnTrainerOptions Options = Some.Options with { FeatureColumnName = "Image", ImageShape = Shape };
    private readonly MLContext _ml = Some.Context();
    private int _decoded, _shared;

    [TestInitialize]
    public void CountSharing() => _ml.Log += (_, entry) => _shared += entry.Message.Contains("none was copied", StringComparison.Ordinal) ? 1 : 0;

    [TestMethod]
    [DataRow(3, ImageResizing.Fill)]
    [DataRow(3, ImageResizing.Pad)]
    [DataRow(1, ImageResizing.Crop)]
    public void Fit_OnACache_GivesTheSameBits(int channels, ImageResizing resizing)
    {
        var options = Options with { ImageShape = Shape with { Channels = channels }, ImageResizing = resizing };
        using var expected = new CnnTrainer(_ml, options).Fit(Photos());
        using var cache = _ml.Data.CacheImages(Photos(), options);
        using var model = new CnnTrainer(_ml, options).Fit(_ml.Data.TakeRows(cache, 100));

        Assert.AreEqual((120, 1), (_decoded, _shared));
        Assert.AreEqual(new ImageDataViewType(9, 8), cache.Schema["Image"].Type);
        CollectionAssert.AreEqual(expected.Model.History.BatchLosses.ToArray(), model.Model.History.BatchLosses.ToArray());
        CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(Photos())), Some.FlatScores(model.Transform(Photos())), "it takes images of any size");
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Photos())), Some.FlatScores(model.Transform(cache)));
    }

    [TestMethod]
    public void Fit_CacheOfAnotherSize_CopiesItsImages()
    {
        using var cache = _ml.Data.CacheImages(Photos(), Options with { ImageShape = new(3, 12, 12) });
        using var model = new CnnTrainer(_ml, Options).Fit(cache);
        Assert.AreEqual((60, 0, Shape), (_decoded, _shared, model.Model.ImageShape));
    }

    [TestMethod]
    public void CacheImages_NoSizeOrImpossibleOptions_SaysSo()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CacheImages(Photos(), "Image"));
        StringAssert.Contains(error.Message, "ImageShape = new ImageShape(3, 224, 224) in the options");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.CacheImages(Photos(), Options with { ImageResizing = (ImageResizing)9 }));
    }

    [TestMethod]
    public void CacheImages_OfFiles_RefusesGiantsAndNeedsTheFilesNoMore()
    {
        using var folder = new TempFolder();
        var files = Files(folder);
        var view = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", "", "ImagePath")).Fit(files).Transform(files);
        using var giants = _ml.Data.CacheImages(view, Options with { MostImagePixels = 10 });
        using var cache = _ml.Data.CacheImages(view, Options);
        using var expected = new CnnTrainer(_ml, Options).Fit(view);
        foreach (var row in files.GetColumn<string>("ImagePath")) File.WriteAllBytes(row, [0xFF, 0xD8, 0xFF]);

        using var model = new CnnTrainer(_ml, Options).Fit(cache);
        CollectionAssert.AreEqual(expected.Model.History.BatchLosses.ToArray(), model.Model.History.BatchLosses.ToArray());
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(giants));
        StringAssert.Contains(error.Message, "more than the 10 that MostImagePixels in the options allows");
    }

    [TestMethod]
    public void Fit_BadImageOfACache_IsToldAsWithoutIt()
    {
        using var cache = _ml.Data.CacheImages(Photos(bad: true), Options);
        var expected = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(Photos(bad: true)));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Options).Fit(cache));
        StringAssert.Contains(error.Message, "photos/7.png");
        Assert.AreEqual(expected.Message, error.Message);

        foreach (var bad in new[] { BadImages.Skip(), BadImages.Replace() })
        {
            using var without = new CnnTrainer(_ml, Options with { BadImages = bad }).Fit(Photos(bad: true));
            using var with = new CnnTrainer(_ml, Options with { BadImages = bad }).Fit(cache);
            Assert.AreEqual(without.Model.History.SkippedImages, with.Model.History.SkippedImages);
            Assert.AreEqual(2, with.Model.History.SkippedImages!.Count);
            CollectionAssert.AreEqual(without.Model.History.BatchLosses.ToArray(), with.Model.History.BatchLosses.ToArray());
        }
    }

    [TestMethod]
    public void CrossValidate_PhotosOfACache_DecodesThemOnce()
    {
        using var cache = _ml.Data.CacheImages(Photos(), Options);
        var folds = _ml.MulticlassClassification.CrossValidate(cache, new CnnTrainer(_ml, Options), numberOfFolds: 3, seed: 1);
        Assert.AreEqual(60, folds.Sum(fold => Some.Scores(fold.ScoredHoldOutSet).Length));
        Assert.AreEqual((60, 3), (_decoded, _shared));
        foreach (var fold in folds) (fold.Model as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void CrossValidate_LoadImagesThenCnn_LearnsFromFiles()
    {
        using var folder = new TempFolder();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", "", "ImagePath"))
            .Append(_ml.MulticlassClassification.Trainers.Cnn(Options with { Epochs = 10 }));
        var folds = _ml.MulticlassClassification.CrossValidate(Files(folder), pipeline, numberOfFolds: 3, seed: 1);
        Assert.IsGreaterThan(0.8, folds.Average(fold => fold.Metrics.MicroAccuracy));
        foreach (var fold in folds) (fold.Model as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Sweep_LoadImagesThenCnn_FindsTheBestAndTakesFiles()
    {
        using var folder = new TempFolder();
        var files = Files(folder);
        var view = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", "", "ImagePath")).Fit(files).Transform(files);
        CnnTrainerOptions[] candidates = [.. new[] { 1e-7, 1e-2 }.Select(rate => Options with { Epochs = 10, Optimizer = Optimizer.Adam(rate) })];

        using var result = _ml.MulticlassClassification.Sweep(view, candidates, new SweepOptions { TestFraction = 0.25, Seed = 3 });

        Assert.AreEqual(1, result.Best.Candidate);
        using var expected = new CnnTrainer(_ml, result.Best.Options).Fit(view);
        CollectionAssert.AreEqual(Some.FlatScores(expected.Transform(view)), Some.FlatScores(result.Model.Transform(view)));
    }

    [TestMethod]
    [DataRow(9, 40)]
    [DataRow(8, 2 * 40 + 40)]   // to train and test two candidates, and to train the best on all: there is no one size to keep
    public void Sweep_Photos_DecodesThemOnceWhereOneSizeDoes(int height, int decoded)
    {
        CnnTrainerOptions[] candidates = [Options, Options with { ImageShape = new(3, height, 8), BatchSize = 8 }];
        using var result = _ml.MulticlassClassification.Sweep(Photos(rows: 40), candidates, new SweepOptions { TestFraction = 0.25, HalvingFactor = null, Seed = 3 });
        Assert.IsTrue(result.Runs.All(run => run.Problem is null));
        Assert.AreEqual(decoded, _decoded);
    }

    private PhotoView Photos(int rows = 60, bool bad = false) => new(rows, row =>
    {
        Interlocked.Increment(ref _decoded);
        return !bad || row % 50 != 7 ? PhotoView.Photo(row) : row == 7 ? throw new InvalidOperationException("The file is damaged.") : null;
    });

    private ImageFolder Files(TempFolder folder)
    {
        for (int row = 0; row < 60; row++)
        {
            using var photo = PhotoView.Photo(row);
            Directory.CreateDirectory(folder.File($"{row % 3}"));
            photo.Save(Path.Combine(folder.File($"{row % 3}"), $"{row}.png"));
        }

        return _ml.Data.LoadImageFolder(folder.Path);
    }
}
