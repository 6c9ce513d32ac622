using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>Images, targets and weights that a step learns from.</summary>
internal sealed unsafe class TrainingBatch : IDisposable
{
    private readonly PixelBuffer _pixels;
    private readonly Tensor _targets;
    private readonly Tensor? _weights;   // null where no row has one
    private readonly byte* _target;
    private readonly float* _weight;
    private readonly Device _device;
    private MixedBatch? _mixed;

    /// <param name="format">How images come.</param>
    /// <param name="transform">What is done to their values.</param>
    /// <param name="rows">Rows of the largest batch.</param>
    /// <param name="like">Targets such as will be filled in.</param>
    /// <param name="device">Where the network computes.</param>
    public TrainingBatch(PixelFormat format, PixelTransform transform, int rows, Targets like, Device device)
    {
        _device = device;
        _pixels = new PixelBuffer(format, transform, rows, device);
        try
        {
            using var scope = NewDisposeScope();
            _targets = empty([rows, .. like.Shape], like.Type);
            fixed (byte* address = _targets.bytes) _target = address;
            TargetBytes = like.RowBytes;
            _weights = like.HasWeights ? empty([rows], ScalarType.Float32) : null;
            if (_weights is not null) fixed (byte* address = _weights.bytes) _weight = (float*)address;
            _targets.DetachFromDisposeScope();
            _weights?.DetachFromDisposeScope();
        }
        catch
        {
            _pixels.Dispose();
            throw;
        }
    }

    /// <summary>Rows in it.</summary>
    public int Count { get; private set; }

    private int TargetBytes { get; }

    /// <summary>The batch on the device, in the caller's dispose scope.</summary>
    public LoadedBatch Load()
    {
        var targets = _targets.narrow(0, 0, Count).to(_device);
        var mix = _mixed is null ? null : new Mix(targets.index_select(0, tensor(_mixed.Others).to(_device)), tensor(_mixed.Share).to(_device));
        return new LoadedBatch(_pixels.Rows(Count), targets, _weights?.narrow(0, 0, Count).to(_device), mix);
    }

    /// <summary>Makes room for some rows, which are filled in then.</summary>
    public void Clear(int count) => (Count, _mixed) = (count, null);

    /// <summary>Fills in some rows from a place on. Several threads may fill different places at the same time.</summary>
    /// <param name="place">The place of the first.</param>
    /// <param name="images">The images, these among them.</param>
    /// <param name="targets">All targets.</param>
    /// <param name="rows">Which.</param>
    /// <param name="augmenter">What changes the images, this thread's own; null for images as they are.</param>
    /// <param name="draws">What it draws from.</param>
    public void Fill(int place, ImagePass images, Targets targets, ReadOnlySpan<int> rows, Augmenter? augmenter, Draws? draws)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (augmenter is null) _pixels.Set(place + i, images.At(rows[i]));
            else _pixels.Set(place + i, images.At(rows[i]), augmenter, draws!.Row(rows[i]));
        }

        targets.Gather(rows, new Span<byte>(_target + (long)place * TargetBytes, checked(rows.Length * TargetBytes)));
        for (int i = 0; augmenter is not null && targets.MoveWithPixels && i < rows.Length; i++)
            augmenter.Apply(new Span<byte>(_target + (place + (long)i) * TargetBytes, TargetBytes), draws!.Row(rows[i]));
        if (_weights is not null) targets.GatherWeights(rows, new Span<float>(_weight + place, rows.Length));
    }

    /// <summary>Mixes the images with one another, when all are there.</summary>
    public void Mix(Augmenter augmenter, ulong seed) => _mixed = augmenter.MixBatch(_pixels.At, Count, seed);

    public void Dispose()
    {
        _pixels.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }
}
