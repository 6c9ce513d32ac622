using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>A type of values that no one but its column knows.</summary>
internal sealed class ThingType() : StructuredDataViewType(typeof(Thing))
{
    public override bool Equals(DataViewType? other) => other is ThingType;

    public override int GetHashCode() => typeof(ThingType).GetHashCode();

    public override string ToString() => "Thing";
}

/// <summary>A value that is good for its row only: the next row has the same object.</summary>
internal sealed class Thing
{
    public long Row { get; set; }
}

/// <summary>Rows that a test hands out and counts: Features, Label, and a Thing where it is wanted.</summary>
internal sealed class RowSource : IDataView
{
    private readonly IEnumerable<ImageRow> _rows;

    public RowSource(IEnumerable<ImageRow> rows, ImageShape? shape = null, bool things = false)
    {
        _rows = rows;
        var image = shape ?? Some.Shape;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, image.Channels, image.Height, image.Width));
        schema.AddColumn("Label", TextDataViewType.Instance);
        if (things) schema.AddColumn("Thing", new ThingType());
        Schema = schema.ToSchema();
    }

    /// <summary>Called with the number of a row when its image is read.</summary>
    public Action<long> OnImage { get; init; } = _ => { };

    public int Cursors { get; private set; }

    public int Disposed { get; private set; }

    /// <summary>Rows that were handed out.</summary>
    public int Pulled { get; private set; }

    /// <summary>Images that were read.</summary>
    public int Images { get; private set; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Cursors++;
        return new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RowSource source, HashSet<int> active) : DataViewRowCursor
    {
        private readonly IEnumerator<ImageRow> _rows = source._rows.GetEnumerator();
        private readonly Thing _thing = new();
        private long _position = -1;
        private bool _isOver;

        public override DataViewSchema Schema => source.Schema;

        public override long Position => _position;

        public override long Batch => _position / 7;

        public override bool MoveNext()
        {
            Assert.IsFalse(_isOver, "asked again after the end");
            _isOver = !_rows.MoveNext();
            if (_isOver) return false;
            source.Pulled++;
            _thing.Row = ++_position;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 5);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.IsTrue(IsColumnActive(column), column.Name);
            Delegate getter = column.Name switch
            {
                "Features" => (ValueGetter<VBuffer<float>>)Image,
                "Label" => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _rows.Current.Label.AsMemory()),
                _ => (ValueGetter<Thing>)((ref Thing value) => value = _thing),
            };
            return (ValueGetter<TValue>)getter;
        }

        private void Image(ref VBuffer<float> value)
        {
            source.Images++;
            source.OnImage(_position);
            var image = _rows.Current.Features;
            var editor = VBufferEditor.Create(ref value, image.Length);
            image.CopyTo(editor.Values);
            value = editor.Commit();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Disposed++;
            _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
