using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>Images and targets that a step learns from.</summary>
internal sealed unsafe class TrainingBatch : IDisposable
{
    private readonly PixelBuffer _pixels;
    private readonly Tensor _targets;
    private readonly byte* _target;
    private readonly Device _device;
    private MixedBatch? _mixed;

    public TrainingBatch(PixelFormat format, PixelTransform transform, int rows, ScalarType targetType, Device device)
    {
        _device = device;
        _pixels = new PixelBuffer(format, transform, rows, device);
        try
        {
            using var scope = NewDisposeScope();
            _targets = empty([rows], targetType);
            fixed (byte* address = _targets.bytes) _target = address;
            TargetBytes = (int)_targets.ElementSize;
            _targets.DetachFromDisposeScope();
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
        return new LoadedBatch(_pixels.Rows(Count), targets, Mix: mix);
    }

    /// <summary>Images as they are.</summary>
    public void Fill(ImageStore images, Targets targets, ReadOnlySpan<int> rows)
    {
        images.Gather(rows, _pixels);
        FillTargets(targets, rows);
    }

    /// <summary>Images changed at random.</summary>
    public void Fill(ImageStore images, Targets targets, ReadOnlySpan<int> rows, Augmenter augmenter, Draws draws, int index)
    {
        images.Gather(rows, _pixels, augmenter, draws.Row);
        FillTargets(targets, rows);
        _mixed = augmenter.MixBatch(_pixels.At, rows.Length, draws.Batch(index));
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _targets.Dispose();
    }

    private void FillTargets(Targets targets, ReadOnlySpan<int> rows)
    {
        targets.Gather(rows, new Span<byte>(_target, rows.Length * TargetBytes));
        Count = rows.Length;
        _mixed = null;
    }
}
