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
    private readonly TrainingBatch[] _turns;
    private readonly int _batchSize;

    /// <param name="images">The images.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="transform">What is done to the pixels.</param>
    /// <param name="batchSize">Rows of a batch; the last may be smaller.</param>
    /// <param name="device">Where the network computes.</param>
    public Feed(ImageStore images, Targets targets, PixelTransform transform, int batchSize, Device device)
    {
        (_images, _targets, _batchSize) = (images, targets, Math.Min(batchSize, images.Count));
        _turns = [new(new(images.Format, transform, _batchSize, device), targets, device), new(new(images.Format, transform, _batchSize, device), targets, device)];
    }

    /// <summary>Batches of these rows, in that order. A batch is good until the next one is asked for.</summary>
    public IEnumerable<TrainingBatch> Read(int[] rows)
    {
        int batches = BatchesOf(rows.Length);
        var next = Begin(rows, 0);
        try
        {
            for (int i = 0; i < batches; i++)
            {
                var batch = next.Value;
                if (i + 1 < batches) next = Begin(rows, i + 1);
                yield return batch;
            }
        }
        finally
        {
            Finish(next);   // the buffers must be at rest when they are used again or freed
        }
    }

    /// <summary>Batches that some rows make, a last smaller one included.</summary>
    public int BatchesOf(int rows) => (int)((rows + (long)_batchSize - 1) / _batchSize);

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    /// <summary>A batch that whoever comes first fills: the pool, which may be busy with other things for long, or the one who needs it.</summary>
    private Lazy<TrainingBatch> Begin(int[] rows, int index)
    {
        var batch = new Lazy<TrainingBatch>(() =>
        {
            int first = index * _batchSize;
            var turn = _turns[index % 2];
            turn.Fill(_images, _targets, rows.AsSpan(first, Math.Min(_batchSize, rows.Length - first)));
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

/// <summary>Images, targets and weights that a step learns from.</summary>
internal sealed unsafe class TrainingBatch : IDisposable
{
    private readonly PixelBuffer _pixels;
    private readonly Tensor _targets;
    private readonly Tensor? _weights;   // null where no row has one
    private readonly byte* _target;
    private readonly float* _weight;
    private readonly Device _device;

    /// <param name="pixels">Where the images go.</param>
    /// <param name="like">Targets such as will be filled in.</param>
    /// <param name="device">Where the network computes.</param>
    public TrainingBatch(PixelBuffer pixels, Targets like, Device device)
    {
        (_pixels, _device) = (pixels, device);
        _targets = empty([pixels.Capacity, .. like.Shape], like.Type).DetachFromDisposeScope();
        fixed (byte* address = _targets.bytes) _target = address;
        TargetBytes = (int)(_targets.NumberOfElements * _targets.ElementSize / pixels.Capacity);
        if (!like.HasWeights) return;
        _weights = empty([pixels.Capacity], ScalarType.Float32).DetachFromDisposeScope();
        fixed (byte* address = _weights.bytes) _weight = (float*)address;
    }

    /// <summary>Rows in it.</summary>
    public int Count { get; private set; }

    private int TargetBytes { get; }

    /// <summary>The batch on the device, in the caller's dispose scope.</summary>
    public LoadedBatch Load() => new(
        _pixels.Rows(Count), _targets.narrow(0, 0, Count).to(_device), _weights?.narrow(0, 0, Count).to(_device));

    public void Fill(ImageStore images, Targets targets, ReadOnlySpan<int> rows)
    {
        images.Gather(rows, _pixels);
        targets.Gather(rows, new Span<byte>(_target, rows.Length * TargetBytes));
        if (_weights is not null) targets.GatherWeights(rows, new Span<float>(_weight, rows.Length));
        Count = rows.Length;
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }
}
