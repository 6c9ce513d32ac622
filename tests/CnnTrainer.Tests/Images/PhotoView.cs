using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Tests.Images;

/// <summary>
/// Images of many sizes whose class shows as a bright third from top to bottom, made anew by each cursor and disposed as LoadImages does: when the
/// next is asked for, the last with the cursor. Columns: Image, Label (a key of 3), ImagePath, Weight (1 to 4).
/// </summary>
internal sealed class PhotoView : IDataView
{
    private readonly Func<int, MLImage?> _image;
    private readonly Func<int, int> _label;
    private int _alive;

    /// <param name="rows">How many.</param>
    /// <param name="image">What gives the image of a row instead.</param>
    /// <param name="type">The type of the column; default images of any size.</param>
    /// <param name="label">What gives the class of a row instead.</param>
    public PhotoView(int rows = 60, Func<int, MLImage?>? image = null, ImageDataViewType? type = null, Func<int, int>? label = null)
    {
        (Rows, _image, _label) = (rows, image ?? (row => Photo(row)), label ?? (row => row % 3));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Image", type ?? new ImageDataViewType());
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3), KeyNames());
        schema.AddColumn("ImagePath", TextDataViewType.Instance);
        schema.AddColumn("Weight", NumberDataViewType.Single);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>How many rows new cursors have.</summary>
    public int Rows { get; set; }

    /// <summary>The id of the first row; the others count on.</summary>
    public int FirstId { get; set; }

    /// <summary>Images made that live.</summary>
    public int Alive => _alive;

    /// <summary>Rows in a row for one cursor, where several share the view; 0 where there is only one.</summary>
    public int Block { get; init; }

    /// <summary>Whether these blocks go to whichever cursor is free, not to each in turn.</summary>
    public bool FirstComeFirstServed { get; init; }

    public long? GetRowCount() => null;

    /// <summary>A photograph of class row % 3 and a size of its own.</summary>
    public static MLImage Photo(int row, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        int height = 12 + row % 7, width = 10 + row % 5;
        var pixels = new byte[height * width * 4];
        for (int i = 0; i < height * width; i++)
        {
            byte light = (byte)((i / width * 3 / height == row % 3 ? 180 : 20) + (i * 7 + row) % 50);
            var (red, green, blue) = (light, (byte)(light / 2), (byte)(row % 9));
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = format == MLPixelFormat.Rgba32 ? (red, green, blue, (byte)255) : (blue, green, red, (byte)255);
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], 0, 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        int parts = Block == 0 ? 1 : n;
        var taken = FirstComeFirstServed ? new StrongBox<int>(-1) : null;
        return [.. Enumerable.Range(0, parts).Select(part => new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], part, parts, taken))];
    }

    private static DataViewSchema.Annotations KeyNames()
    {
        var names = new DataViewSchema.Annotations.Builder();
        names.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 3), (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
            value = new VBuffer<ReadOnlyMemory<char>>(3, ["top".AsMemory(), "middle".AsMemory(), "bottom".AsMemory()])));
        return names.ToAnnotations();
    }

    private sealed class Cursor(PhotoView view, HashSet<int> active, int part, int parts, StrongBox<int>? taken = null) : DataViewRowCursor
    {
        private readonly int _rows = view.Rows;
        private int _row = -1;
        private long _position = -1;
        private MLImage? _last;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => view.Block == 0 ? 0 : _row / view.Block;

        public override bool MoveNext()
        {
            while (++_row < _rows)
            {
                if (taken is not null && _row % view.Block == 0 && (_row = Interlocked.Increment(ref taken.Value) * view.Block) >= _rows) break;
                if (taken is null && parts > 1 && _row / view.Block % parts != part) continue;
                _position++;
                return true;
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)(view.FirstId + _row), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.IsTrue(IsColumnActive(column));
            return (ValueGetter<TValue>)(column.Name switch
            {
                "Image" => (Delegate)(ValueGetter<MLImage>)Image,
                "Label" => (ValueGetter<uint>)((ref uint value) => value = (uint)view._label(_row) + 1),
                "Weight" => (ValueGetter<float>)((ref float value) => value = 1 + _row % 4),
                _ => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = $"photos/{_row}.png".AsMemory()),
            });
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) Drop(ref _last);
            base.Dispose(disposing);
        }

        private void Image(ref MLImage value)
        {
            MLImage? before = value;
            Drop(ref before);
            (value, _last) = (null!, null);
            value = view._image(_row)!;
            if (value is not null) Interlocked.Increment(ref view._alive);
            _last = value;
        }

        private void Drop(ref MLImage? image)
        {
            if (image is not null) Interlocked.Decrement(ref view._alive);
            image?.Dispose();
            image = null;
        }
    }
}
