using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Tests.Images;

/// <summary>Images that each epoch reads anew, against the same ones kept in memory.</summary>
[TestClass]
public class StreamedImagesTests
{
    private const int Rows = 60, RowBytes = 3 * 9 * 8;

    private static readonly CnnTrainerOptions InMemory = Some.Options with { FeatureColumnName = "Image", ImageShape = new(3, 9, 8), BatchSize = 4 };

    /// <summary>All images fit into the memory.</summary>
    private static readonly CnnTrainerOptions Streamed = InMemory with { ImageStorage = ImageStorage.Streamed };

    /// <summary>16 images do.</summary>
    private static readonly CnnTrainerOptions Windowed = Streamed with { ImageMemory = 16 * RowBytes };

    public static IEnumerable<object[]> Trainings =>
    [
        ["plain", InMemory],
        ["learned scaling", InMemory with { PixelScaling = PixelScaling.Standard() }],
        ["validation", InMemory with { ValidationFraction = 0.25, ExampleWeightColumnName = "Weight" }],
        ["augmentation", InMemory with { Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Brightness(0.3), Augment.Mixup()) }],
        ["accumulated batches", InMemory with { AccumulateBatches = 3, DropLastBatch = true, BatchSize = 7 }],
        ["a batch of all", InMemory with { BatchSize = int.MaxValue, Shuffle = false }],
    ];

    [TestMethod]
    [DynamicData(nameof(Trainings))]
    public void Fit_AllFitOrNoShuffling_GivesTheWeightsOfImagesInMemory(string name, CnnTrainerOptions options)
    {
        foreach (bool shuffle in new[] { true, false })
        {
            var kept = options with { Shuffle = shuffle };
            var expected = Weights(new PhotoView(Rows), kept);
            var view = new PhotoView(Rows) { Block = 7 };
            var streamed = kept with { ImageStorage = ImageStorage.Streamed, LoadingThreads = 3, ImageMemory = shuffle ? null : 0 };
            CollectionAssert.AreEqual(expected, Weights(view, streamed), $"{name}, shuffle {shuffle}");
            Assert.AreEqual(0, view.Alive);
        }
    }

    [TestMethod]
    public void Fit_Window_GivesTheSameForAnyNumberOfThreadsAndSaysIt()
    {
        var (expected, kept) = (Weights(new PhotoView(Rows), Windowed), Weights(new PhotoView(Rows), InMemory));
        CollectionAssert.AreNotEqual(kept, expected);
        foreach (int threads in new[] { 1, 2, 5 })
        {
            foreach (int block in new[] { 1, 4, 30 }) CollectionAssert.AreEqual(expected, Weights(new PhotoView(Rows) { Block = block }, Windowed with { LoadingThreads = threads }), $"{threads} threads");
        }

        CollectionAssert.AreEqual(expected, Weights(new PhotoView(Rows) { Block = 3, FirstComeFirstServed = true }, Windowed with { LoadingThreads = 5, Epochs = 3 }));
        var (ml, log) = Logged();
        using var model = new CnnTrainer(ml, Windowed).Fit(new PhotoView(Rows), new PhotoView(20));
        Assert.AreEqual("within 12 rows", model.Model.History.Options["shuffle"]);
        Assert.IsTrue(log.Exists(text => text.Contains("Training: 60 images of 0.0 MB streamed, 16 of them (0.0 MB) in memory at a time.", StringComparison.Ordinal)));
        Assert.IsTrue(log.Exists(text => text.Contains("Validation: 20 images of 0.0 MB streamed, 16 of them", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow(16, true, true)]
    [DataRow(16, false, false)]
    [DataRow(60, true, false)]
    public void Fit_OneClassAfterTheOther_WarnsWhereAWindowDoesNotMixThem(int memory, bool shuffle, bool warns)
    {
        foreach (bool sorted in new[] { true, false })
        {
            var (ml, log) = Logged();
            var options = Streamed with { ImageMemory = (long)memory * RowBytes, Shuffle = shuffle, Epochs = 1 };
            new CnnTrainer(ml, options).Fit(sorted ? new PhotoView(Rows, label: row => row / 20) : new PhotoView(Rows)).Dispose();
            Assert.AreEqual(warns && sorted, log.Exists(text => text.Contains("Training: 2 of the classes are not among the first 12 rows", StringComparison.Ordinal)));
        }
    }

    [TestMethod]
    public void Fit_ViewsOfVectors_AreStreamedToo()
    {
        var ml = Some.Context();
        using var kept = new CnnTrainer(ml, Some.Options).Fit(Some.Keyed(ml), Some.Keyed(ml, 20, seed: 2));
        using var streamed = new CnnTrainer(ml, Some.Options with { ImageStorage = ImageStorage.Streamed }).Fit(Some.Keyed(ml), Some.Keyed(ml, 20, seed: 2));
        CollectionAssert.AreEqual(Tests.Weights.Of(kept), Tests.Weights.Of(streamed));
        Assert.AreEqual(kept.Model.History, streamed.Model.History with { Epochs = kept.Model.History.Epochs, Seconds = kept.Model.History.Seconds });
    }

    [TestMethod]
    public void Fit_BadImages_AreLeftOutOrBlackInEachPass()
    {
        foreach (var bad in new[] { BadImages.Skip(), BadImages.Replace() })
        {
            int asked = 0;
            var (view, other) = (View(), View());
            var expected = Weights(other, InMemory with { BadImages = bad });
            asked = 0;
            CollectionAssert.AreEqual(expected, Weights(view, Streamed with { BadImages = bad, LoadingThreads = 3 }), $"{bad}");
            Assert.AreEqual(2, asked, "images that cannot be used are not asked for again");

            PhotoView View() => new(Rows, row =>
            {
                if (row is not (5 or 41)) return PhotoView.Photo(row);
                Interlocked.Increment(ref asked);
                throw new IOException("cut off");
            })
            { Block = 10 };
        }
    }

    [TestMethod]
    public void Fit_ImageThatIsLostLater_IsOneExceptionWithRowAndPath()
    {
        bool isLost = false;
        var view = new PhotoView(Rows, row => isLost && row == 45 ? throw new IOException("gone") : PhotoView.Photo(row)) { Block = 10 };
        long miscounted = Training.LeakTests.Miscounted(Some.Network, 3), tensors = torch.Tensor.TotalCount;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Weights(view, Windowed with { LoadingThreads = 3, OnEpochEnd = _ => isLost = true }));
        StringAssert.StartsWith(error.Message, "Training row 45 (counting from 0): the column 'Image' has no image that can be used: gone. It was to come from 'photos/45.png'. It could be used when");
        Assert.AreEqual(0, view.Alive);
        Assert.AreEqual(tensors + miscounted, torch.Tensor.TotalCount);
    }

    [TestMethod]
    [DataRow(50, 0, "fewer rows")]
    [DataRow(60, 1, "another row 0")]
    public void Fit_ViewThatChanges_IsOneExceptionThatSaysWhatToDo(int rows, int firstId, string what)
    {
        var view = new PhotoView(Rows);
        var options = Windowed with { OnEpochEnd = _ => (view.Rows, view.FirstId) = (rows, firstId) };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weights(view, options));
        StringAssert.StartsWith(error.Message, $"Training: read again, the view gives {what} than before.");
        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void Fit_RowsOfOthers_AreNotDecoded()
    {
        int asked = 0;
        var view = new PhotoView(Rows, row =>
        {
            Interlocked.Increment(ref asked);
            return PhotoView.Photo(row);
        });
        Weights(view, Windowed with { ValidationFraction = 0.5, Epochs = 1, LoadingThreads = 1 });
        Assert.IsTrue(asked is >= 2 * Rows and <= 2 * Rows + 24, $"{asked}: each image once to begin with and once in its pass, and some for the last look at the weights");
    }

    [TestMethod]
    public void Fit_OneEpoch_ReadsNoFurtherAheadThanTheMemory()
    {
        int asked = -Rows;   // each is read before the epoch
        var ahead = new List<int>();
        var view = new PhotoView(Rows, row =>
        {
            Interlocked.Increment(ref asked);
            return PhotoView.Photo(row);
        })
        { Block = 1 };
        Weights(view, Windowed with { Epochs = 1, LoadingThreads = 3, OnBatchEnd = report => ahead.Add(Volatile.Read(ref asked) - 4 * (report.Batch + 1)) });
        Assert.HasCount(15, ahead);
        Assert.IsLessThanOrEqualTo(16, ahead.Max());
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void Fit_CancelledWhileImagesAreWaitedFor_EndsAtOnce()
    {
        using var source = new CancellationTokenSource();
        bool isLate = false;
        int asked = 0;
        var view = new PhotoView(Rows, row =>
        {
            if (isLate)
            {
                source.Cancel();
                Thread.Sleep(100);
                Interlocked.Increment(ref asked);
            }

            return PhotoView.Photo(row);
        });
        using var model = new CnnTrainer(Some.Context(), Streamed with { LoadingThreads = 1, CancellationToken = source.Token, OnEpochEnd = _ => isLate = true }).Fit(view);
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.HasCount(1, model.Model.History.Epochs);
        Assert.IsLessThan(30, asked);
        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void Fit_ExceptionOfAListener_EndsThePass()
    {
        var view = new PhotoView(Rows) { Block = 4 };
        Assert.ThrowsExactly<TimeZoneNotFoundException>(() => Weights(view, Windowed with { LoadingThreads = 2, OnBatchEnd = report => _ = report.Batch == 3 ? throw new TimeZoneNotFoundException() : 0 }));
        Assert.AreEqual(0, view.Alive);
    }

    [TestMethod]
    public void Resume_WithinAnEpoch_GivesTheBitsOfOneNeverStopped()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var options = Windowed with { AccumulateBatches = 2, LoadingThreads = 2, Checkpoints = Checkpoints.In(folder.File("run")) };
        Weights(View(), options with { CancellationToken = source.Token, OnBatchEnd = report => Cancel(report is { Epoch: 2, Batch: 5 }) });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weights(View(), options with { ImageMemory = 20 * RowBytes }));
        StringAssert.Contains(error.Message, "shuffle: within 12 rows there, within 16 rows now");
        CollectionAssert.AreEqual(Weights(View(), options with { Checkpoints = null }), Weights(View(), options));

        static PhotoView View() => new(Rows) { Block = 4 };

        void Cancel(bool now)
        {
            if (now) source.Cancel();
        }
    }

    [TestMethod]
    public void FindLearningRate_Streamed_GivesTheSameCurve()
    {
        var kept = new CnnTrainer(Some.Context(), InMemory).FindLearningRate(new PhotoView(Rows), steps: 40);
        var streamed = new CnnTrainer(Some.Context(), Streamed).FindLearningRate(new PhotoView(Rows), steps: 40);
        CollectionAssert.AreEqual(kept.Points.ToList(), streamed.Points.ToList());
    }

    [TestMethod]
    public void Fit_NoRoomOnTheDisk_StreamsAndWarnsUnlessTheFileIsAskedFor()
    {
        string[] variables = ["TMPDIR", "TMP", "TEMP"];
        var before = variables.Select(Environment.GetEnvironmentVariable).ToList();
        using var folder = new TempFolder();
        try
        {
            foreach (var variable in variables) Environment.SetEnvironmentVariable(variable, folder.File("none"));
            var (ml, log) = Logged();
            using var model = new CnnTrainer(ml, InMemory with { ImageMemory = 0 }).Fit(new PhotoView(Rows));
            Assert.IsTrue(log.Exists(text => text.Contains("Training: the images are streamed, read anew in each epoch. The images are more than ImageMemory allows", StringComparison.Ordinal)));
            CollectionAssert.AreEqual(Weights(new PhotoView(Rows), Windowed), Tests.Weights.Of(model));
            var error = Assert.Throws<IOException>(() => Weights(new PhotoView(Rows), InMemory with { ImageStorage = ImageStorage.MappedFile }));
            StringAssert.Contains(error.Message, "choose ImageStorage.Streamed");
        }
        finally
        {
            foreach (var (variable, value) in variables.Zip(before)) Environment.SetEnvironmentVariable(variable, value);
        }
    }

    [TestMethod]
    public void Fit_MemoryOrMappedFile_KeepsAllThere()
    {
        foreach (var (storage, place) in new[] { (ImageStorage.Memory, "in memory."), (ImageStorage.MappedFile, "in a mapped file, but for 0.0 MB in memory.") })
        {
            var (ml, log) = Logged();
            new CnnTrainer(ml, InMemory with { ImageStorage = storage, Epochs = 1 }).Fit(new PhotoView(Rows)).Dispose();
            Assert.IsTrue(log.Exists(text => text.Contains($"60 images of 0.0 MB {place}", StringComparison.Ordinal)), $"{storage}");
        }
    }

    [TestMethod]
    [DataRow((ImageStorage)9, null, "ImageStorage is 9")]
    [DataRow(ImageStorage.Memory, 5L, "ImageMemory says nothing where ImageStorage is Memory")]
    [DataRow(ImageStorage.MappedFile, 5L, "ImageMemory says nothing where ImageStorage is MappedFile")]
    public void Options_Contradiction_IsAnError(ImageStorage storage, long? memory, string text) => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), InMemory with { ImageStorage = storage, ImageMemory = memory })).Message, text);

    private static (MLContext Context, List<string> Log) Logged()
    {
        var (ml, log) = (Some.Context(), new List<string>());
        ml.Log += (_, e) => log.Add(e.Message);
        return (ml, log);
    }

    private static byte[] Weights(IDataView view, CnnTrainerOptions options)
    {
        using var model = new CnnTrainer(Some.Context(), options).Fit(view);
        return Tests.Weights.Of(model);
    }
}
