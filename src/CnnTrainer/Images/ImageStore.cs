namespace CnnMlNet.Images;

/// <summary>
/// Images as they came, in main memory or a mapped file: once each, whoever reads them. Filled by one thread, then read by any.
/// </summary>
internal sealed class ImageStore : IDisposable
{
    private readonly ImageMemory _memory;
    private readonly int[]? _rows;   // where each image is in the memory; null for one after the other
    private readonly bool _isShared;
    private bool _disposed;

    /// <param name="format">How the images lie.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    /// <param name="memoryBytes">What they may take of main memory.</param>
    public ImageStore(PixelFormat format, long? expectedRows, long memoryBytes = long.MaxValue) =>
        (Format, _memory) = (format, new ImageMemory(format.RowBytes, expectedRows, memoryBytes));

    /// <summary>Images that are there already, to be read only; none is copied.</summary>
    /// <param name="format">How the images lie.</param>
    /// <param name="memory">Where they are. The store takes over the caller's part in it.</param>
    /// <param name="rows">Which, in what order; one may be there several times. Null for all, one after the other.</param>
    /// <param name="isShared">Whether they are others', too, who give account of the memory.</param>
    public ImageStore(PixelFormat format, ImageMemory memory, int[]? rows, bool isShared) => (Format, _memory, _rows, _isShared) = (format, memory, rows, isShared);

    public PixelFormat Format { get; }

    public int Count => _disposed ? 0 : _rows?.Length ?? _memory.Count;

    /// <summary>Bytes of main memory that this store takes for itself.</summary>
    public long BytesInMemory => _isShared ? 0 : _memory.BytesInMemory;

    /// <summary>Where the images are: <c>60 images of 1.5 MB in memory</c>.</summary>
    public string Place => FormattableString.Invariant($"{Count} images of {(double)Count * Format.RowBytes / (1 << 20):0.0} MB ") +
        (_isShared ? "in an image cache; none was copied" : _memory.IsMapped ? FormattableString.Invariant($"in a mapped file, but for {BytesInMemory / (double)(1 << 20):0.0} MB in memory") : "in memory");

    /// <summary>Room for one more image.</summary>
    public Span<byte> Add() => _memory.Add();

    public ReadOnlySpan<byte> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return _memory.At(_rows?[row] ?? row);
    }

    /// <summary>Writes the images of some rows into a batch, in that order, from a place on.</summary>
    public void Gather(ReadOnlySpan<int> rows, PixelBuffer batch, int place)
    {
        for (int i = 0; i < rows.Length; i++) batch.Set(place + i, Row(rows[i]));
    }

    /// <summary>The same, each changed at random by the seed of its row.</summary>
    public void Gather(ReadOnlySpan<int> rows, PixelBuffer batch, int place, Augmenter augmenter, Func<long, ulong> seeds)
    {
        for (int i = 0; i < rows.Length; i++) batch.Set(place + i, Row(rows[i]), augmenter, seeds(rows[i]));
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _memory.Release();
    }
}
