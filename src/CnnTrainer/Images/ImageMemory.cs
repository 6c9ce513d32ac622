using System.Runtime.InteropServices;

namespace CnnMlNet.Images;

/// <summary>
/// Rows of bytes, all of one length, in native memory, so that a source without a row count needs no copy and nothing waits for the garbage
/// collector; those beyond a budget in a temporary file that is mapped into memory, whose pages the system takes back as it needs. Filled by one
/// user and one thread, then read by any. The last user that releases it frees it; the collector does where one forgets to.
/// </summary>
internal sealed unsafe class ImageMemory
{
    private const int BlockBytes = 16 << 20;

    private readonly List<nint> _blocks = [];
    private readonly int _rowsPerBlock;
    private readonly long _budget;
    private MappedFile? _file;
    private int _native;   // the first blocks: the others are the file's
    private int _users = 1;

    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    /// <param name="budget">Bytes that may be in main memory.</param>
    public ImageMemory(int rowBytes, long? expectedRows, long budget = long.MaxValue)
    {
        (RowBytes, _budget) = (rowBytes, budget);
        _rowsPerBlock = (int)Math.Max(1, Math.Min(expectedRows ?? long.MaxValue, BlockBytes / rowBytes));
    }

    ~ImageMemory() => Free();

    public int RowBytes { get; }

    public int Count { get; private set; }

    public long BytesInMemory => _native * BytesOfBlock;

    /// <summary>Whether rows are in a file.</summary>
    public bool IsMapped => _file is not null;

    private long BytesOfBlock => (long)_rowsPerBlock * RowBytes;

    /// <summary>Room for one more row.</summary>
    /// <exception cref="IOException">The file cannot be made longer.</exception>
    public Span<byte> Add()
    {
        if (Count == (long)_blocks.Count * _rowsPerBlock) AddBlock();
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

    private void AddBlock()
    {
        if (_file is null && BytesInMemory + BytesOfBlock <= _budget)
        {
            _blocks.Add((nint)NativeMemory.Alloc((nuint)_rowsPerBlock, (nuint)RowBytes));
            _native++;
            return;
        }

        _blocks.Add((_file ??= new MappedFile()).Add(BytesOfBlock));
    }

    private void Free()
    {
        Count = 0;
        foreach (nint block in _blocks.Take(_native)) NativeMemory.Free((void*)block);
        _blocks.Clear();
        _native = 0;
        _file?.Dispose();
    }
}
