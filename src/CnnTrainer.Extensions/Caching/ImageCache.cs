using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet;

/// <summary>
/// Rows that were read once: images in native memory, as they came (bytes stay bytes), the other columns beside them. A view like any other, in the
/// order of its source. A column of images stays one, of images of one size, decoded. Made by <c>ml.Data.CacheImages</c>. Immutable; thread safe, Dispose too.
/// </summary>
/// <remarks>
/// <para>A <see cref="CnnTrainer"/> that is given these rows learns from the images where they are and copies none, also behind what passes the feature
/// column through: filters, splits, folds, shuffles, transforms of other columns. It compares each image with what is here while it reads its
/// rows, and copies those of a view that changed them. A transform that makes a feature column of its own (StandardScale, ml.Data.Cache) gives other
/// rows: they are copied as always. <see cref="PixelScaling.Standard"/> scales without that.</para>
/// <para>The owner disposes it. Cursors and trainings that have begun by then go on; the last one frees the images.</para>
/// </remarks>
public sealed class ImageCache : IDataView, IDisposable
{
    private const int FirstPlaces = 64;

    private readonly ImageMemory _memory;
    private readonly CachedImages _images;
    private readonly PixelFormat _format;
    private readonly BufferedColumn?[] _columns;   // by their index; none for the images
    private readonly Dictionary<int, ExceptionDispatchInfo> _bad = [];   // images that cannot be used, by their row: told to who asks for them
    private readonly int _rows;
    private int _disposed;

    /// <param name="environment">Asked whether to go on, row by row.</param>
    /// <param name="data">Read once, here.</param>
    /// <param name="options">Of the trainings to come: the column with the images, and what becomes of images.</param>
    /// <param name="others">The other columns to keep; null for all that a name finds.</param>
    internal ImageCache(IHostEnvironment environment, IDataView data, CnnTrainerOptions options, IReadOnlyCollection<string>? others = null)
    {
        var pixels = PixelsOf(data.Schema, options);
        var feature = pixels.Column;
        DataViewSchema.Column[] kept = [.. data.Schema.Where(column => !column.IsHidden && (column.Index == feature.Index || others?.Contains(column.Name) != false))];
        if (kept.FirstOrDefault(column => column.Index != feature.Index && !BufferedColumn.CanHold(column.Type)) is { Name: not null } unfit)
        {
            throw Columns.Mismatch($"The column '{unfit.Name}' is {unfit.Type}, which a cache cannot keep; it keeps numbers, keys, text, times and vectors of them. " +
                $"Leave it out before: ml.Transforms.DropColumns(\"{unfit.Name}\").");
        }

        _format = pixels.Format;
        _memory = new ImageMemory(_format.RowBytes, data.GetRowCount());
        _images = new CachedImages(_memory);
        Schema = SchemaOf(kept, feature);
        try
        {
            var host = environment.Register(nameof(ImageCache));
            using var channel = host.Start("Caching");
            _columns = Read(host, data, kept, pixels);
            _rows = _memory.Count;
            channel.Info(MessageSensitivity.None, FormattableString.Invariant($"{_rows} images of {_format.RowBytes} bytes were cached{(_bad.Count == 0 ? "" : FormattableString.Invariant($"; {_bad.Count} of them cannot be used"))}."));
        }
        catch
        {
            _memory.Release();
            throw;
        }
    }

    /// <summary>The source's columns, but for those that others of the same name hide.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>True: where a cursor is given random numbers it shuffles all rows.</summary>
    public bool CanShuffle => true;

    /// <summary>The number of rows, always known.</summary>
    public long? GetRowCount() => _rows;

    /// <summary>A cursor; no row of the source is read.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        if (_disposed != 0 || !_memory.TryShare())
            throw new ObjectDisposedException(nameof(ImageCache), "The image cache was disposed: dispose it after the last Fit, Transform and Evaluate that read it.");
        int[]? order = null;
        if (rand is not null) rand.Shuffle(order = [.. Enumerable.Range(0, _rows)]);
        return new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], order);
    }

    /// <summary>One cursor, as <see cref="GetRowCursor"/>: there is nothing to compute that several could share.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Frees the images, once all cursors and trainings that read them have ended. Disposing twice is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _memory.Release();
    }

    private static PixelColumn PixelsOf(DataViewSchema schema, CnnTrainerOptions options)
    {
        var name = options.FeatureColumnName;
        if (schema.GetColumnOrNull(name)?.Type is ImageDataViewType)
        {
            var images = PixelColumn.Find(schema, name, options.ImageShape, options.Interleaved, options.ImageResizing);
            return images with { Path = images.PathIn(schema), MostPixels = options.MostImagePixels };
        }

        var (column, vector) = Columns.Vector(schema, name, "feature", NumberDataViewType.Single, NumberDataViewType.Byte);
        var type = vector.ItemType == NumberDataViewType.Byte ? PixelType.Byte : PixelType.Single;
        return new PixelColumn(column, new PixelFormat(new ImageShape(1, 1, vector.Size), type, Interleaved: false));
    }

    private DataViewSchema SchemaOf(DataViewSchema.Column[] kept, DataViewSchema.Column feature)
    {
        var schema = new DataViewSchema.Builder();
        var type = _format.IsOfImages ? new ImageDataViewType(_format.Shape.Height, _format.Shape.Width) : feature.Type;
        foreach (var column in kept)
        {
            bool isFeature = column.Index == feature.Index;
            schema.AddColumn(column.Name, isFeature ? type : column.Type, isFeature ? _images.AddTo(column.Annotations) : column.Annotations);
        }

        return schema.ToSchema();
    }

    private BufferedColumn?[] Read(IHost host, IDataView data, DataViewSchema.Column[] kept, PixelColumn feature)
    {
        using var cursor = data.GetRowCursor(kept);
        var readImage = feature.Reader(cursor);
        BufferedColumn?[] columns = [.. kept.Select(column => column.Index == feature.Column.Index ? null : BufferedColumn.Of(cursor, column, FirstPlaces))];
        while (cursor.MoveNext())
        {
            if (MlNetInternals.IsCancelled(host)) throw new OperationCanceledException("The context was cancelled while images were cached.");
            if (_memory.Count == int.MaxValue / 2) throw new InvalidOperationException($"There are more than {_memory.Count} rows.");
            foreach (var column in columns) column?.Read(_memory.Count);
            Read(readImage);
        }

        foreach (var column in columns) column?.Detach();
        return columns;
    }

    private void Read(PixelReader readImage)
    {
        var image = _memory.Add();
        try
        {
            readImage(image);
        }
        catch (InvalidDataException e) when (_format.IsOfImages)
        {
            image.Clear();
            _bad.Add(_memory.Count - 1, ExceptionDispatchInfo.Capture(e.InnerException ?? e));
        }
    }

    private sealed class Cursor(ImageCache cache, HashSet<int> active, int[]? order) : DataViewRowCursor
    {
        private int _position = -1;
        private bool _ended;
        private bool _disposed;

        public override DataViewSchema Schema => cache.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (!_ended && ++_position < cache._rows) return true;
            (_ended, _position) = (true, -1);
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = cache._images.Id(Place());

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () =>
            cache._columns[column.Index]?.Getter(Place) ??
            (cache._format.IsOfImages ? (ValueGetter<MLImage>)Image : cache._format.Type == PixelType.Byte ? (ValueGetter<VBuffer<byte>>)Image : (ValueGetter<VBuffer<float>>)Image));

        protected override void Dispose(bool disposing)
        {
            (_ended, _position) = (true, -1);
            if (disposing && !_disposed) cache._memory.Release();
            _disposed |= disposing;
            base.Dispose(disposing);
        }

        private void Image<T>(ref VBuffer<T> value) where T : unmanaged
        {
            var image = MemoryMarshal.Cast<byte, T>(cache._memory.At(Place()));
            var editor = VBufferEditor.Create(ref value, image.Length);
            image.CopyTo(editor.Values);
            GC.KeepAlive(cache);   // whoever calls may hold nothing but this getter, and the memory goes with its owner
            value = editor.Commit();
        }

        private void Image(ref MLImage value)
        {
            value?.Dispose();   // the one before, as LoadImages does
            value = null!;
            int place = Place();
            if (cache._bad.TryGetValue(place, out var error)) error.Throw();
            value = PlanarImage.Of(cache._memory.At(place), cache._format.Shape);
            GC.KeepAlive(cache);
        }

        private int Place() => _position >= 0 ? order?[_position] ?? _position : throw Columns.OnNoRow();
    }
}
