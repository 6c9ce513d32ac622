using System.Globalization;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Idx;

/// <summary>Images and labels of two IDX files as rows. Lazy: a row's bytes become floats when a cursor asks for them.</summary>
internal sealed class IdxView : IDataView
{
    private readonly IdxFile _images;
    private readonly IdxFile? _labels;
    private readonly ReadOnlyMemory<char>[] _names;

    public IdxView(IdxFile images, IdxFile? labels, IReadOnlyList<string>? classNames, string featureColumnName, string labelColumnName)
    {
        if (labels is not null && images.Count != labels.Count)
            throw new InvalidDataException($"'{images.Path}' has {images.Count} images, but '{labels.Path}' has {labels.Count} labels.");
        (_images, _labels) = (images, labels);
        _names = [.. (classNames ?? [.. Enumerable.Range(0, 256).Select(i => i.ToString(CultureInfo.InvariantCulture))]).Select(name => name.AsMemory())];
        int[] shape = images.Dimensions is [_, var height, var width] ? [1, height, width] : images.Dimensions[1..];
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(featureColumnName, new VectorDataViewType(NumberDataViewType.Single, shape));
        schema.AddColumn(labelColumnName, TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => _images.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, rand is null ? null : Shuffled(rand), [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private int[] Shuffled(Random rand)
    {
        (_labels ?? _images).ReadAll();   // nothing of the number that a header claims is allocated before that many rows were read
        int[] order = [.. Enumerable.Range(0, _images.Count)];
        rand.Shuffle(order);
        return order;
    }

    private void Image(int row, ref VBuffer<float> value)
    {
        _images.ReadAll();
        var editor = VBufferEditor.Create(ref value, _images.RowLength);
        _images.CopyRow(row, editor.Values);
        value = editor.Commit();
    }

    private void Label(int row, ref ReadOnlyMemory<char> value)
    {
        if (_labels is null)
        {
            value = default;
            return;
        }

        byte label = _labels.First(row);
        value = label < _names.Length ? _names[label] : throw new InvalidDataException(
            $"'{_labels.Path}' at offset {_labels.OffsetOf(row)}: the label {label} has no name; {_names.Length} class names were given.");
    }

    private sealed class Cursor(IdxView view, int[]? order, HashSet<int> active) : DataViewRowCursor
    {
        private readonly int _rows = view._images.Count;
        private int _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            if (++_position < _rows) return true;
            End();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () =>
            column.Index == 0
                ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => view.Image(Row, ref value))
                : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => view.Label(Row, ref value)));

        protected override void Dispose(bool disposing)
        {
            End();
            base.Dispose(disposing);
        }

        private int Row => _position >= 0
            ? order?[_position] ?? _position
            : throw new InvalidOperationException("The cursor is on no row: before the first MoveNext or after the last.");

        private void End() => (_ended, _position) = (true, -1);
    }
}
