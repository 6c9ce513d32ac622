using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>
/// Makes batches of stored images. While the network computes on one, a thread of the pool fills the next, or, where none is free by then, the
/// caller's own; two buffers take turns, so an epoch allocates nothing. Used by one thread at a time.
/// </summary>
internal sealed class Feed : IDisposable
{
    private readonly ImageStore _images;
    private readonly Targets _targets;
    private readonly TrainingBatch[] _turns = new TrainingBatch[2];
    private readonly Augmenter? _augmenter;
    private readonly int _batchSize;
    private readonly bool _dropLast;

    /// <param name="images">The images.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="transform">What is done to the pixels.</param>
    /// <param name="batchSize">Rows of a batch; the last may be smaller.</param>
    /// <param name="device">Where the network computes.</param>
    /// <param name="augmentation">What is done to images that are read with something to draw from.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    public Feed(ImageStore images, Targets targets, PixelTransform transform, int batchSize, Device device, Augmentation? augmentation = null, bool dropLast = false)
    {
        (_images, _targets, _batchSize, _dropLast) = (images, targets, Math.Min(batchSize, images.Count), dropLast);
        if (augmentation is not null) _augmenter = new Augmenter(augmentation, PixelBuffer.RasterOf(images.Format, device), images.Format.Type == PixelType.Byte);
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
    public IEnumerable<TrainingBatch> Read(int[] rows, Draws? draws = null, int first = 0)
    {
        int batches = BatchesOf(rows.Length);
        if (first >= batches) yield break;
        var random = _augmenter is null ? null : draws;
        var next = Begin(rows, first, random);
        try
        {
            for (int i = first; i < batches; i++)
            {
                var batch = next.Value;
                if (i + 1 < batches) next = Begin(rows, i + 1, random);
                yield return batch;
            }
        }
        finally
        {
            Finish(next);   // the buffers must be at rest when they are used again or freed
        }
    }

    /// <summary>Rows of a batch but the last.</summary>
    public int BatchSize => _batchSize;

    /// <summary>Batches that some rows make, a last smaller one included unless it is dropped.</summary>
    public int BatchesOf(int rows) => (int)(_dropLast ? rows / _batchSize : (rows + (long)_batchSize - 1) / _batchSize);

    /// <summary>Rows of these batches.</summary>
    public int RowsIn(int rows) => _dropLast ? rows / _batchSize * _batchSize : rows;

    public void Dispose()
    {
        foreach (var turn in _turns) turn?.Dispose();
    }

    /// <summary>A batch that whoever comes first fills: the pool, which may be busy with other things for long, or the one who needs it.</summary>
    private Lazy<TrainingBatch> Begin(int[] rows, int index, Draws? draws)
    {
        var batch = new Lazy<TrainingBatch>(() =>
        {
            int first = index * _batchSize;
            var turn = _turns[index % 2];
            var own = rows.AsSpan(first, Math.Min(_batchSize, rows.Length - first));
            if (draws is null) turn.Fill(_images, _targets, own);
            else turn.Fill(_images, _targets, own, _augmenter!, draws, index);
            return turn;
        });
        ThreadPool.UnsafeQueueUserWorkItem(Finish, batch, preferLocal: true);
        return batch;
    }

    private static void Finish(Lazy<TrainingBatch> batch)
    {
        try
        {
            _ = batch.Value;
        }
        catch (Exception)
        {
            // The one who asks for the batch gets it again.
        }
    }
}
