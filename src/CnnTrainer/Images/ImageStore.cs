using System.Runtime.InteropServices;

namespace CnnMlNet.Images;

/// <summary>
/// Images in main memory, as they came: a row of the column after the other, once each, whoever reads them. Native memory in blocks, so that a
/// source without a row count needs no copy and nothing waits for the garbage collector. Filled by one thread, then read by any.
/// </summary>
internal sealed unsafe class ImageStore : IDisposable
{
    private const int BlockBytes = 16 << 20;

    private readonly List<nint> _blocks = [];
    private readonly int _rowsPerBlock;

    /// <param name="format">How the images lie.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    public ImageStore(PixelFormat format, long? expectedRows)
    {
        Format = format;
        _rowsPerBlock = (int)Math.Max(1, Math.Min(expectedRows ?? long.MaxValue, BlockBytes / format.RowBytes));
    }

    public PixelFormat Format { get; }

    public int Count { get; private set; }

    /// <summary>Room for one more image.</summary>
    public Span<byte> Add()
    {
        if (Count == _blocks.Count * _rowsPerBlock) _blocks.Add((nint)NativeMemory.Alloc((nuint)_rowsPerBlock, (nuint)Format.RowBytes));
        Count++;
        return At(Count - 1);
    }

    public ReadOnlySpan<byte> Row(int row) => At(row);

    /// <summary>Writes the images of some rows into a batch, in that order.</summary>
    public void Gather(ReadOnlySpan<int> rows, PixelBuffer batch)
    {
        for (int i = 0; i < rows.Length; i++) batch.Set(i, At(rows[i]));
    }

    /// <summary>The same, each changed at random by the seed of its row.</summary>
    public void Gather(ReadOnlySpan<int> rows, PixelBuffer batch, Augmenter augmenter, Func<long, ulong> seeds)
    {
        for (int i = 0; i < rows.Length; i++) batch.Set(i, At(rows[i]), augmenter, seeds(rows[i]));
    }

    public void Dispose()
    {
        foreach (nint block in _blocks) NativeMemory.Free((void*)block);
        _blocks.Clear();
        Count = 0;
    }

    private Span<byte> At(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return new((byte*)_blocks[row / _rowsPerBlock] + (long)(row % _rowsPerBlock) * Format.RowBytes, Format.RowBytes);
    }
}
