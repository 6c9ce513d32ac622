using System.Runtime.InteropServices;

namespace CnnMlNet.Images;

/// <summary>
/// Rows of bytes, all of one length, in native memory, so that a source without a row count needs no copy and nothing waits for the garbage
/// collector. Filled by one user and one thread, then read by any. The last user that releases it frees it; the collector does where one forgets to.
/// </summary>
internal sealed unsafe class ImageMemory
{
    private const int BlockBytes = 16 << 20;

    private readonly List<nint> _blocks = [];
    private readonly int _rowsPerBlock;
    private int _users = 1;

    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    public ImageMemory(int rowBytes, long? expectedRows)
    {
        RowBytes = rowBytes;
        _rowsPerBlock = (int)Math.Max(1, Math.Min(expectedRows ?? long.MaxValue, BlockBytes / rowBytes));
    }

    ~ImageMemory() => Free();

    public int RowBytes { get; }

    public int Count { get; private set; }

    /// <summary>Room for one more row.</summary>
    public Span<byte> Add()
    {
        if (Count == _blocks.Count * _rowsPerBlock) _blocks.Add((nint)NativeMemory.Alloc((nuint)_rowsPerBlock, (nuint)RowBytes));
        Count++;
        return At(Count - 1);
    }

    /// <summary>Good while the caller, a user, holds on to this object.</summary>
    public Span<byte> At(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return new((byte*)_blocks[row / _rowsPerBlock] + (long)(row % _rowsPerBlock) * RowBytes, RowBytes);
    }

    /// <summary>Counts one user more; false where the last one has released it already.</summary>
    public bool TryShare()
    {
        for (int users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
        }

        return false;
    }

    /// <summary>Once for each user.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) Free();
    }

    private void Free()
    {
        Count = 0;
        foreach (nint block in _blocks) NativeMemory.Free((void*)block);
        _blocks.Clear();
    }
}
