using Microsoft.ML;

namespace CnnMlNet.Images;

/// <summary>A view whose images are read again and again.</summary>
/// <param name="View">The view.</param>
/// <param name="Pixels">The images.</param>
/// <param name="Columns">All columns of the first pass: cursors of others might share the rows otherwise.</param>
/// <param name="Threads">How many cursors read at the same time at most.</param>
/// <param name="CheckCancelled">Throws where it was cancelled.</param>
internal sealed record ImageSource(IDataView View, PixelColumn Pixels, IReadOnlyList<DataViewSchema.Column> Columns, int Threads, Action CheckCancelled);

/// <summary>Images that are kept nowhere: each pass reads the view anew, ahead of what is asked for.</summary>
/// <param name="source">What is read.</param>
/// <param name="rows">Its rows, as they were met before.</param>
/// <param name="memoryBytes">What those that are read ahead may take.</param>
internal sealed class StreamedImages(ImageSource source, ViewRows rows, long memoryBytes) : ImageStore(source.Pixels.Format)
{
    private readonly int _slots = (int)Math.Min(memoryBytes / source.Pixels.Format.RowBytes, rows.Images);

    public override int Count => rows.Images;

    public override long BytesInMemory => (long)_slots * Format.RowBytes;

    protected override string PlaceOfAll => FormattableString.Invariant($"streamed, {_slots} of them ({Megabytes(BytesInMemory)}) in memory at a time");

    /// <summary>The rows of a batch are not released one by one, so there must be room for a whole one beside those that are shuffled.</summary>
    public override int Window(int batchSize) => _slots >= Count ? Count : Math.Max(1, _slots - batchSize);

    public override ImagePass Begin(ReadOnlySpan<int> order, int batchSize) => new StreamedPass(source, rows, order, Math.Max(_slots, batchSize));

    public override void Dispose()
    {
    }
}
