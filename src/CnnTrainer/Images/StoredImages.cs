namespace CnnMlNet.Images;

/// <summary>
/// Images in main memory or a mapped file: once each, whoever reads them. Filled by one thread, then read by any.
/// </summary>
internal sealed class StoredImages : ImageStore
{
    private readonly ImageMemory _memory;
    private readonly int[]? _rows;   // where each image is in the memory; null for one after the other
    private readonly bool _isShared;
    private bool _disposed;

    /// <param name="format">How the images lie.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    /// <param name="memoryBytes">What they may take of main memory.</param>
    public StoredImages(PixelFormat format, long? expectedRows, long memoryBytes = long.MaxValue) : base(format) =>
        _memory = new ImageMemory(format.RowBytes, expectedRows, memoryBytes);

    /// <summary>Images that are there already, to be read only; none is copied.</summary>
    /// <param name="format">How the images lie.</param>
    /// <param name="memory">Where they are. The store takes over the caller's part in it.</param>
    /// <param name="rows">Which, in what order; one may be there several times. Null for all, one after the other.</param>
    /// <param name="isShared">Whether they are others', too, who give account of the memory.</param>
    public StoredImages(PixelFormat format, ImageMemory memory, int[]? rows, bool isShared) : base(format) => (_memory, _rows, _isShared) = (memory, rows, isShared);

    public override int Count => _disposed ? 0 : _rows?.Length ?? _memory.Count;

    public override long BytesInMemory => _isShared ? 0 : _memory.BytesInMemory;

    protected override string PlaceOfAll =>
        _isShared ? "in an image cache; none was copied" : _memory.IsMapped ? $"in a mapped file, but for {Megabytes(BytesInMemory)} in memory" : "in memory";

    /// <summary>Room for one more image.</summary>
    public Span<byte> Add() => _memory.Add();

    public override ImagePass Begin(ReadOnlySpan<int> rows, int batchSize) => new Pass(this);

    public override void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _memory.Release();
    }

    /// <summary>All rows are there at any time.</summary>
    private sealed class Pass(StoredImages images) : ImagePass
    {
        public override void Ask(ReadOnlySpan<int> rows, Action ready) => ready();

        public override bool Wait(Func<bool>? stop) => true;

        public override ReadOnlySpan<byte> At(int row)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)images.Count, nameof(row));
            return images._memory.At(images._rows?[row] ?? row);
        }

        public override void Release(ReadOnlySpan<int> rows)
        {
        }

        public override void Dispose()
        {
        }
    }
}
