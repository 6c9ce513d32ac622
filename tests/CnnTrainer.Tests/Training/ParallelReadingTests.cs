using CnnMlNet.Tests.Images;
using Microsoft.ML;

namespace CnnMlNet.Tests.Training;

[TestClass]
public class ParallelReadingTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { FeatureColumnName = "Image", ImageShape = new(3, 9, 8) };

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void Fit_SeveralThreads_TakeTheRowsInTheOrderOfOne(int threads)
    {
        var one = Losses(new PhotoView(60));
        CollectionAssert.AreEqual(one, Losses(new PhotoView(60) { Block = 4 }, threads));
        CollectionAssert.AreEqual(one, Losses(new PhotoView(60) { Block = 7 }, threads));
    }

    [TestMethod]
    public void Fit_Weights_StayWithTheirRows()
    {
        var options = Options with { ExampleWeightColumnName = "Weight" };
        var one = Losses(new PhotoView(40), 1, options);
        CollectionAssert.AreEqual(one, Losses(new PhotoView(40) { Block = 3 }, 4, options));
        CollectionAssert.AreNotEqual(one, Losses(new PhotoView(40)));
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void Fit_TwoThreads_MakeImagesAtTheSameTime()
    {
        using var together = new Barrier(2);
        int meetings = 0;
        var view = new PhotoView(60, row =>
        {
            if (row is 0 or 30 && together.SignalAndWait(TimeSpan.FromSeconds(30))) Interlocked.Increment(ref meetings);
            return PhotoView.Photo(row);
        })
        { Block = 30 };
        Losses(view, 2);
        Assert.AreEqual(2, meetings);
        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void Fit_BadImagesOfTwoThreads_NamesTheFirstInTheView()
    {
        using var later = new ManualResetEventSlim();
        var view = new PhotoView(60, row =>
        {
            if (row == 45) later.Set();   // the later error comes first
            if (row == 13) later.Wait(TimeSpan.FromSeconds(30));
            return row is 13 or 45 ? throw new IOException($"cut off {row}") : PhotoView.Photo(row);
        })
        { Block = 30 };
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Losses(view, 2));
        StringAssert.Contains(error.Message, "Training row 13 (counting from 0): the column 'Image' has no image that can be used: cut off 13. It was to come from 'photos/13.png'.");
        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void Fit_BadImageOfASecondThread_SaysItsRowInTheView()
    {
        var view = new PhotoView(60, row => row == 45 ? null : PhotoView.Photo(row)) { Block = 10 };
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Losses(view, 3)).Message, "Training row 45 ");
        var label = new PhotoView(60, label: row => row == 45 ? -1 : row % 3) { Block = 10 };
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Losses(label, 3)).Message, "Training row 45 ");
    }

    [TestMethod]
    public void Fit_SkippedImagesOfSeveralThreads_AreListedInOrder()
    {
        int[] bad = [3, 4, 17, 30, 59];
        var view = new PhotoView(60, row => bad.Contains(row) ? null : PhotoView.Photo(row)) { Block = 4 };
        using var several = new CnnTrainer(Some.Context(), Options with { BadImages = BadImages.Skip(), LoadingThreads = 4 }).Fit(view);
        CollectionAssert.AreEqual(bad.Select(row => (long)row).ToArray(), several.Model.History.SkippedImages!.Images.Select(image => image.Row).ToArray());
        using var one = new CnnTrainer(Some.Context(), Options with { BadImages = BadImages.Skip(), LoadingThreads = 1 }).Fit(view);
        Assert.AreEqual(one.Model.History.SkippedImages, several.Model.History.SkippedImages);
        CollectionAssert.AreEqual(one.Model.History.BatchLosses.ToArray(), several.Model.History.BatchLosses.ToArray());
    }

    [TestMethod]
    public void Fit_CancelledWhileThreadsRead_EndsAll()
    {
        using var source = new CancellationTokenSource();
        var view = new PhotoView(1000, row =>
        {
            if (row == 500) source.Cancel();
            return PhotoView.Photo(row);
        })
        { Block = 5 };
        Assert.Throws<OperationCanceledException>(() => new CnnTrainer(Some.Context(), Options with { CancellationToken = source.Token, LoadingThreads = 3 }).Fit(view));
        Assert.AreEqual(0, view.Alive);
    }

    private static float[] Losses(IDataView view, int threads = 1, CnnTrainerOptions? options = null)
    {
        using var model = new CnnTrainer(Some.Context(), (options ?? Options) with { LoadingThreads = threads }).Fit(view);
        return [.. model.Model.History.BatchLosses];
    }
}
