namespace CnnMlNet.Images;

/// <summary>Images as they came, wherever they are, numbered in the order of their view. One pass at a time goes over them.</summary>
internal abstract class ImageStore(PixelFormat format) : IDisposable
{
    private const int VisitedTogether = 64;

    public PixelFormat Format => format;

    public abstract int Count { get; }

    /// <summary>Bytes of main memory that this store takes for itself.</summary>
    public abstract long BytesInMemory { get; }

    /// <summary>Where the images are: <c>60 images of 1.5 MB in memory</c>.</summary>
    public string Place => FormattableString.Invariant($"{Count} images of {Megabytes((long)Count * Format.RowBytes)} {PlaceOfAll}");

    protected abstract string PlaceOfAll { get; }

    /// <summary>How many rows one can be shuffled among: as many as there are, or those that are there at a time.</summary>
    /// <param name="batchSize">Rows of a batch.</param>
    public virtual int Window(int batchSize) => Count;

    /// <summary>Begins a pass over some rows, each once, in this order; none is further ahead of it in the view than the <see cref="Window"/> is wide.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="batchSize">How many are asked for at a time at most.</param>
    public abstract ImagePass Begin(ReadOnlySpan<int> rows, int batchSize);

    /// <summary>Looks at some rows, one after the other.</summary>
    /// <param name="rows">The rows, in the order of the view.</param>
    /// <param name="visit">Is given the row and its image.</param>
    public void Visit(ReadOnlySpan<int> rows, Action<int, ReadOnlySpan<byte>> visit)
    {
        if (rows.IsEmpty) return;
        using var pass = Begin(rows, VisitedTogether);
        for (; !rows.IsEmpty; rows = rows[Math.Min(rows.Length, VisitedTogether)..])
        {
            var some = rows[..Math.Min(rows.Length, VisitedTogether)];
            pass.Ask(some, static () => { });
            pass.Wait();
            foreach (int row in some) visit(row, pass.At(row));
            pass.Release(some);
        }
    }

    public abstract void Dispose();

    protected static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 20):0.0} MB");
}

/// <summary>Goes over rows of an <see cref="ImageStore"/> once: some are asked for, waited for, read and released, then the next.</summary>
internal abstract class ImagePass : IDisposable
{
    /// <summary>Asks for the next rows.</summary>
    /// <param name="rows">As the pass has them.</param>
    /// <param name="ready">Called once when all are there, on any thread.</param>
    public abstract void Ask(ReadOnlySpan<int> rows, Action ready);

    /// <summary>Waits for the rows that were asked for.</summary>
    /// <param name="stop">Says now and then whether to wait no longer; null for as long as nobody cancels.</param>
    /// <returns>Whether they are there.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, where there is no <paramref name="stop"/>.</exception>
    public abstract bool Wait(Func<bool>? stop = null);

    /// <summary>The image of a row that is there. Several threads may ask.</summary>
    public abstract ReadOnlySpan<byte> At(int row);

    /// <summary>Gives up the rows that were asked for.</summary>
    public abstract void Release(ReadOnlySpan<int> rows);

    public abstract void Dispose();
}
