namespace Microsoft.ML.Data;

/// <summary>A view over row objects, enumerated anew by every cursor.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> rows, TypedColumn[] columns) : IDataView where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = TypedColumn.SchemaOf(columns);

    public long? GetRowCount() => (rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(EnumerableDataView<TRow> view, HashSet<int> active) : DataViewRowCursor
    {
        private readonly IEnumerator<TRow> _rows = view.Rows();
        private readonly ObjectRow<TRow> _row = new(view.Schema, view.Columns, active);
        private bool _ended;

        public override DataViewSchema Schema => _row.Schema;

        public override long Position => _row.Position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            if (_rows.MoveNext())
            {
                _row.Show(_rows.Current
                    ?? throw new InvalidOperationException($"Row {_row.Position + 1} (counting from 0) is null: each row must be an object."));
                return true;
            }
            Dispose();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ended)
            {
                _ended = true;
                _row.Hide();
                _rows.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    private IEnumerator<TRow> Rows() => rows.GetEnumerator();

    private TypedColumn[] Columns => columns;
}

/// <summary>A row whose values are the members of the object shown last; all columns are active unless some are named.</summary>
internal sealed class ObjectRow<TRow>(DataViewSchema schema, TypedColumn[] columns, HashSet<int>? active = null) : DataViewRow where TRow : class
{
    private TRow? _current;
    private long _position = -1;

    public override DataViewSchema Schema => schema;

    public override long Position => _current is null ? -1 : _position;

    public override long Batch => 0;

    internal void Show(TRow row)
    {
        _current = row;
        _position++;
    }

    internal void Hide() => _current = null;

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < columns.Length ? active?.Contains(column.Index) ?? true
            : throw new InvalidOperationException($"There is no column {column.Index} in a schema of {columns.Length}.");

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Check.Parameter(IsColumnActive(column), nameof(column), Check.NotAskedFor(column));
        return RowReading.Getter(columns[column.Index], Current).As<TValue>();
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref id) =>
    {
        Current();
        id = new DataViewRowId((ulong)_position, 0);
    };

    private TRow Current() => _current ?? throw new InvalidOperationException("The cursor is on no row: before the first MoveNext or after the last");
}
