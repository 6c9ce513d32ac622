using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>
/// Makes batches of images. While the network computes on one, threads of the pool fill the next, a part each, or, where none is free by
/// then, the caller's own; two buffers take turns, so an epoch allocates nothing for its rows. What a row becomes depends on no other, so the
/// number of parts changes nothing but the time. Used by one thread at a time.
/// </summary>
internal sealed class Feed : IDisposable
{
    private const int MostAutomaticThreads = 8;   // memory's speed is shared: more of them wait for it

    private readonly ImageStore _images;
    private readonly Targets _targets;
    private readonly TrainingBatch[] _turns = new TrainingBatch[2];
    private readonly Augmenter[] _augmenters = [];   // one a part; none where images stay as they are
    private readonly int _parts;
    private readonly int _batchSize;
    private readonly bool _dropLast;

    /// <param name="images">The images.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="transform">What is done to the pixels.</param>
    /// <param name="batchSize">Rows of a batch; the last may be smaller.</param>
    /// <param name="device">Where the network computes.</param>
    /// <param name="augmentation">What is done to images that are read with something to draw from.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    /// <param name="threads">How many fill a batch at the same time at most; null for as many as pay.</param>
    public Feed(
        ImageStore images, Targets targets, PixelTransform transform, int batchSize, Device device, Augmentation? augmentation = null, bool dropLast = false, int? threads = null)
    {
        (_images, _targets, _batchSize, _dropLast) = (images, targets, Math.Min(batchSize, images.Count), dropLast);
        _parts = Math.Min(threads ?? ThreadsThatPay(images.Format, _batchSize, augmentation is not null), _batchSize);
        if (augmentation is not null)
            _augmenters = [.. Enumerable.Range(0, _parts).Select(_ => new Augmenter(augmentation, PixelBuffer.RasterOf(images.Format, device), images.Format.Type == PixelType.Byte))];
        try
        {
            for (int i = 0; i < _turns.Length; i++) _turns[i] = new TrainingBatch(images.Format, transform, _batchSize, targets, device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Batches of these rows, in that order. A batch is good until the next one is asked for.</summary>
    /// <param name="rows">At least one row.</param>
    /// <param name="draws">What augmentation draws from; null for images as they are.</param>
    /// <param name="first">The batch to begin with, counting from 0.</param>
    /// <param name="stop">Says now and then, while images are waited for, whether to end before the next batch; null for never.</param>
    /// <exception cref="OperationCanceledException">It was cancelled while images were waited for, where there is no <paramref name="stop"/>.</exception>
    public IEnumerable<TrainingBatch> Read(int[] rows, Draws? draws = null, int first = 0, Func<bool>? stop = null)
    {
        int batches = BatchesOf(rows.Length);
        if (first >= batches) yield break;
        var random = _augmenters.Length == 0 ? null : draws;
        using var images = _images.Begin(rows.AsSpan(first * _batchSize, RowsIn(rows.Length) - first * _batchSize), _batchSize);
        var next = Begin(images, rows, first, random);
        try
        {
            for (int i = first; i < batches; i++)
            {
                if (!images.Wait(stop)) yield break;
                var batch = next.Take();
                if (i + 1 < batches) next = Begin(images, rows, i + 1, random);
                yield return batch;
            }
        }
        finally
        {
            next.Finish();   // the buffers must be at rest when they are used again or freed
        }
    }

    /// <summary>Rows of a batch but the last.</summary>
    public int BatchSize => _batchSize;

    /// <summary>How many rows a row can be shuffled among.</summary>
    public int Window => _images.Window(_batchSize);

    /// <summary>Batches that some rows make, a last smaller one included unless it is dropped.</summary>
    public int BatchesOf(int rows) => (int)(_dropLast ? rows / _batchSize : (rows + (long)_batchSize - 1) / _batchSize);

    /// <summary>Rows of these batches.</summary>
    public int RowsIn(int rows) => _dropLast ? rows / _batchSize * _batchSize : rows;

    public void Dispose()
    {
        foreach (var turn in _turns) turn?.Dispose();
    }

    /// <summary>As many threads as there are processors, as far as each has enough to do to be worth waking: some 50 microseconds.</summary>
    private static int ThreadsThatPay(PixelFormat format, int rows, bool augmented)
    {
        int values = augmented ? 1 << 12 : 1 << 15;
        return (int)Math.Clamp(format.Shape.Size * rows / values, 1, Math.Min(Environment.ProcessorCount, MostAutomaticThreads));
    }

    /// <summary>Has a batch filled in contiguous parts, once its images are there.</summary>
    private BatchFilling Begin(ImagePass images, int[] rows, int index, Draws? draws)
    {
        int first = index * _batchSize, count = Math.Min(_batchSize, rows.Length - first);
        var turn = _turns[index % _turns.Length];
        turn.Clear(count);
        var filling = new BatchFilling(turn, _parts, Fill, Complete);
        images.Ask(rows.AsSpan(first, count), filling.Begin);
        return filling;

        void Fill(int part)
        {
            int begin = PlaceOf(part), end = PlaceOf(part + 1);
            turn.Fill(begin, images, _targets, rows.AsSpan(first + begin, end - begin), draws is null ? null : _augmenters[part], draws);
        }

        void Complete()
        {
            images.Release(rows.AsSpan(first, count));
            if (draws is not null) turn.Mix(_augmenters[0], draws.Batch(index));
        }

        int PlaceOf(int part) => (int)((long)count * part / _parts);
    }
}
