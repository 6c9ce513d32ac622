using System.Runtime.InteropServices;
using CnnMlNet.Images;
using CnnMlNet.Training;
using TorchSharp;

namespace CnnMlNet.Tests.Images;

/// <summary>Batches of stored images, as they are and changed at random.</summary>
[TestClass]
public sealed class FeedTests
{
    private const int Count = 20;
    private static readonly ImageShape Shape = new(2, 4, 5);
    private static readonly Seeds Seed = new(5);

    private static readonly Augmentation Several = Augmentation.Of(
        Augment.FlipHorizontal(), Augment.Shift(1), Augment.Rotate(20), Augment.ResizedCrop(0.5), Augment.Brightness(0.3), Augment.Contrast(0.3), Augment.Erase());

    [TestMethod]
    public void Read_SameRows_DependOnNeitherBatchesNorOrder()
    {
        var expected = Read(Several, 20, Rows, Seed.Draws(3));
        CollectionAssert.AreNotEqual(expected[0], Read(null, 20, Rows, Seed.Draws(3))[0]);
        foreach (int batchSize in new[] { 1, 3, 7 })
        {
            int[] order = Seed.Order(Rows, batchSize);
            foreach (var (place, image) in Read(Several, batchSize, order, Seed.Draws(3)).Index()) CollectionAssert.AreEqual(expected[order[place]], image, $"batches of {batchSize}");
        }
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Read_AnyNumberOfThreads_GivesTheSameBits(bool bytes, bool interleaved)
    {
        var type = bytes ? PixelType.Byte : PixelType.Single;
        var mixed = Augmentation.Of([.. Several.Steps, Augment.Mixup(), Augment.CutMix()]);
        foreach (var (augmentation, draws) in new[] { (Several, Seed.Draws(1)), (mixed, Seed.Draws(1)), (null, (Draws?)null) })
        {
            var expected = Read(augmentation, 8, Rows, draws, type, interleaved, threads: 1);
            foreach (int? threads in new int?[] { 2, 3, 10, 256, null })
            {
                foreach (var (row, image) in Read(augmentation, 8, Rows, draws, type, interleaved, threads: threads).Index())
                    CollectionAssert.AreEqual(expected[row], image, $"{threads} threads, row {row}, {augmentation}");
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]
    public void Read_BusyPool_GivesTheSame(int threads)
    {
        var expected = Read(Several, 3, Rows, Seed.Draws(0));
        WithBusyPool(() =>
        {
            foreach (var (row, image) in Read(Several, 3, Rows, Seed.Draws(0), threads: threads).Index()) CollectionAssert.AreEqual(expected[row], image);
        });
    }

    /// <summary>All is done by the thread that asks, which counts what it allocates. Methods that are not yet optimised may do so; they become it soon.</summary>
    [TestMethod]
    public void Read_MoreRowsInABatch_AllocateNothingMore() => WithBusyPool(() =>
    {
        using var images = Images(PixelType.Byte, false, same: false);
        using Feed small = Feed(images, Several, 4, threads: 4), large = Feed(images, Several, Count, threads: 4);
        int[] rows = [.. Enumerable.Repeat(Rows, 20).SelectMany(row => row)];
        for (int attempt = 0; Allocated(large, rows) - Allocated(small, rows[..(rows.Length * 4 / Count)]) > rows.Length * 4; attempt++)
        {
            Assert.IsLessThan(1_000, attempt, "each row allocates");
            Thread.Sleep(20);
        }
    });

    private static long Allocated(Feed feed, int[] rows)
    {
        var draws = Seed.Draws(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.AreEqual(20, feed.Read(rows, draws).Count());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Read_PartsThatCannotBeFilled_ThrowOnceAndLeaveTheFeedAsItWas(int threads)
    {
        using var images = Images(PixelType.Single, false, same: false);
        var targets = new TargetsThatEnd(readable: 10);
        using var feed = new Feed(images, targets, PixelTransform.Identity(2), 8, torch.CPU, Several, threads: threads);
        using var batches = feed.Read(Rows, Seed.Draws(0)).GetEnumerator();
        Assert.IsTrue(batches.MoveNext(), "the first batch is whole");
        Assert.ThrowsExactly<FormatException>(() => batches.MoveNext());
        Assert.IsFalse(batches.MoveNext());
        Assert.AreEqual(1, feed.Read(Rows[..8], Seed.Draws(0)).Count());
        foreach (var _ in feed.Read(Rows)) break;   // nobody asks for the second
    }

    [TestMethod]
    public void Read_OtherEpochOrSeedOrRow_IsOtherwise()
    {
        var first = Read(Several, 20, Rows, Seed.Draws(3));
        foreach (var draws in new[] { Seed.Draws(4), new Seeds(6).Draws(3) })
            Assert.IsTrue(first.Zip(Read(Several, 20, Rows, draws)).Count(pair => pair.First.SequenceEqual(pair.Second)) < 3);
        var alike = Read(Several, 20, Rows, Seed.Draws(3), same: true);
        Assert.IsGreaterThan(Count - 3, alike.Select(image => image.Sum()).Distinct().Count(), "each row has draws of its own");
    }

    [TestMethod]
    public void Read_NothingToDrawFrom_LeavesImagesAlone()
    {
        var plain = Read(null, 7, Rows, null);
        foreach (var (expected, actual) in plain.Zip(Read(Several, 7, Rows, null))) CollectionAssert.AreEqual(expected, actual);
        foreach (var (expected, actual) in plain.Zip(Read(Augmentation.Of(Augment.FlipVertical(0)), 7, Rows, Seed.Draws(0)))) CollectionAssert.AreEqual(expected, actual, "the same bits");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Read_BytesAndFloats_AreChangedAlike(bool interleaved)
    {
        var bright = Augmentation.Of(Several.Steps.Where(step => step is not ContrastAugment));   // which goes below 0
        var floats = Read(bright, 20, Rows, Seed.Draws(1));
        var bytes = Read(bright, 20, Rows, Seed.Draws(1), PixelType.Byte, interleaved);
        for (int i = 0; i < Count; i++)
        {
            for (int k = 0; k < Shape.Size; k++) Assert.AreEqual(floats[i][k], bytes[i][k], 1e-3, "none is near 255, so nothing is cut off");
        }
    }

    [TestMethod]
    public void Read_PlaceThatNothingComesTo_IsWhatTheFillBecomes()
    {
        var shift = Augmentation.Of(Augment.Shift(3));
        var black = Read(shift, 20, Rows, Seed.Draws(1)).SelectMany(image => image.Index()).Where(pixel => pixel.Item is -4 / 3f or 10 / 3f).ToList();
        Assert.IsGreaterThan(50, black.Count);
        var filled = Read(shift with { Fill = 400 }, 20, Rows, Seed.Draws(1)).SelectMany(image => image).Count(value => value is (400 - 4) / 3f or 400 / 2f + 1);
        Assert.IsGreaterThan(50, filled);
    }

    [TestMethod]
    public void Read_Mixup_GivesTheOthersTargetsAndShare()
    {
        var plain = Read(null, 20, Rows, null);
        using var images = Images(PixelType.Single, false, same: false);
        using var feed = Feed(images, Augmentation.Of(Augment.Mixup(1)), 8);
        foreach (var (index, batch) in feed.Read(Rows, Seed.Draws(2)).Index())
        {
            using var scope = torch.NewDisposeScope();
            var loaded = batch.Load();
            var values = Values(loaded.Images);
            var (targets, others, shares) = (loaded.Targets.data<long>().ToArray(), loaded.Mix!.Targets.data<long>().ToArray(), loaded.Mix.Share.data<float>().ToArray());
            Assert.AreEqual(batch.Count, others.Length);
            CollectionAssert.AreEqual(Rows[(8 * index)..Math.Min(Count, 8 * index + 8)].Select(row => (long)row).ToArray(), targets, "a row's target is its number");
            for (int i = 0; i < batch.Count; i++)
            {
                for (int k = 0; k < Shape.Size; k++)
                    Assert.AreEqual(shares[i] * plain[targets[i]][k] + (1 - shares[i]) * plain[others[i]][k], values[i * Shape.Size + k], 1e-3);
            }
        }

        using var unmixed = torch.NewDisposeScope();
        Assert.IsNull(feed.Read(Rows).First().Load().Mix);
    }

    [TestMethod]
    [DataRow(1, false, 20)]
    [DataRow(8, false, 20)]
    [DataRow(8, true, 16)]
    [DataRow(10, true, 20)]
    [DataRow(11, true, 11)]
    [DataRow(100, true, 20)]
    public void Read_LastBatchDroppedOrNot_IsOfThatManyRows(int batchSize, bool drop, int expected)
    {
        using var images = Images(PixelType.Single, false, same: false);
        using var feed = Feed(images, null, batchSize, drop);
        var counts = feed.Read(Rows).Select(batch => batch.Count).ToList();
        Assert.AreEqual(expected, counts.Sum());
        Assert.AreEqual(expected, feed.RowsIn(Count));
        Assert.HasCount(feed.BatchesOf(Count), counts);
        if (drop) Assert.AreEqual(1, counts.Distinct().Count());
    }

    [TestMethod]
    public void Feed_SecondBufferCannotBeMade_LeavesNothing()
    {
        using var images = Images(PixelType.Single, false, same: false);
        long before = torch.Tensor.TotalCount;
        Assert.ThrowsExactly<FormatException>(() => new Feed(images, new TargetsOfOneBatch(), PixelTransform.Identity(2), 8, torch.CPU));
        Assert.AreEqual(before, torch.Tensor.TotalCount);
        Assert.Throws<Exception>(() => new TrainingBatch(images.Format, PixelTransform.Identity(2), 8, new Targets<long>((torch.ScalarType)99), torch.CPU));
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    private static int[] Rows { get; } = [.. Enumerable.Range(0, Count)];

    /// <summary>The images, scaled by (x - 4) / 3 and x / 2 + 1, in the order of the rows.</summary>
    private static float[][] Read(
        Augmentation? augmentation, int batchSize, int[] rows, Draws? draws, PixelType type = PixelType.Single, bool interleaved = false, bool same = false, int? threads = null)
    {
        using var images = Images(type, interleaved, same);
        using var feed = Feed(images, augmentation, batchSize, threads: threads);
        var read = new List<float[]>();
        foreach (var batch in feed.Read(rows, draws))
        {
            using var scope = torch.NewDisposeScope();
            read.AddRange(Values(batch.Load().Images).Chunk((int)Shape.Size));
        }

        return [.. read];
    }

    private static StoredImages Images(PixelType type, bool interleaved, bool same)
    {
        var images = new StoredImages(new PixelFormat(Shape, type, interleaved), Count);
        for (int row = 0; row < Count; row++)
        {
            var planar = Enumerable.Range(0, (int)Shape.Size).Select(k => 1 + ((same ? 0 : row) * 31 + k * 17) % 100).ToArray();
            var values = interleaved ? [.. Enumerable.Range(0, planar.Length).Select(i => planar[i % 2 * 20 + i / 2])] : planar;
            if (type == PixelType.Byte) values.Select(value => (byte)value).ToArray().CopyTo(images.Add());
            else MemoryMarshal.AsBytes<float>([.. values.Select(value => (float)value)]).CopyTo(images.Add());
        }

        return images;
    }

    private static Feed Feed(ImageStore images, Augmentation? augmentation, int batchSize, bool dropLast = false, int? threads = null)
    {
        var targets = new Targets<long>(torch.ScalarType.Int64);
        foreach (int row in Rows) targets.Add(row);
        return new Feed(images, targets, new PixelTransform([1 / 3f, 0.5f], [-4 / 3f, 1]), batchSize, torch.CPU, augmentation, dropLast, threads);
    }

    /// <summary>While something is done no thread of the pool is free.</summary>
    private static void WithBusyPool(Action action)
    {
        var end = new TaskCompletionSource();
        for (int i = 0; i < 3 * Environment.ProcessorCount + 100; i++) ThreadPool.QueueUserWorkItem(_ => end.Task.Wait());   // the pool adds one or two threads a second
        try
        {
            action();
        }
        finally
        {
            end.SetResult();
        }
    }

    private static float[] Values(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();

    private sealed class TargetsOfOneBatch : Targets
    {
        private int _asked;

        public override int Count => FeedTests.Count;

        public override torch.ScalarType Type => _asked++ == 0 ? torch.ScalarType.Int64 : throw new FormatException();

        public override long[] Shape => [];

        public override int RowBytes => sizeof(long);

        public override void Gather(ReadOnlySpan<int> rows, Span<byte> batch) => throw new NotSupportedException();

        protected override void JoinValues(IReadOnlyList<TargetRun> runs) => throw new NotSupportedException();
    }

    /// <summary>Those of the first rows can be read.</summary>
    private sealed class TargetsThatEnd(int readable) : Targets
    {
        public override int Count => FeedTests.Count;

        public override torch.ScalarType Type => torch.ScalarType.Int64;

        public override long[] Shape => [];

        public override int RowBytes => sizeof(long);

        public override void Gather(ReadOnlySpan<int> rows, Span<byte> batch)
        {
            if (rows.Length > 0 && rows[^1] >= readable) throw new FormatException();
        }

        protected override void JoinValues(IReadOnlyList<TargetRun> runs) => throw new NotSupportedException();
    }
}
