namespace Microsoft.ML.Data;

/// <summary>Keeps the columns of a view in memory; a column is read when a cursor first asks for it.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnStore?[] _stores;
    private readonly Lock _filling = new();
    private int? _rows;

    internal CacheDataView(IDataView source, IEnumerable<DataViewSchema.Column>? prefetch)
    {
        _source = SubsetView.Cacheable(Check.NotNull(source));
        _stores = new ColumnStore[Schema.Count];
        var columns = prefetch?.Select(c => Schema.GetColumnOrNull(c.Name)
            ?? throw new InvalidOperationException($"Column '{c.Name}' cannot be cached: values of {c.Type} cannot be copied.")).ToArray();
        if (columns is { Length: > 0 }) Fill(columns);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rows ?? _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        int rows = Fill(columns);
        return new Cursor(this, rows, [.. columns.Select(c => c.Index)], rand is null ? null : Permutation(rand, rows));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private int Fill(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_filling)
        {
            var missing = columns.Where(c => _stores[c.Index] is null).ToArray();
            if (missing.Length == 0 && _rows is { } known) return known;
            using var cursor = _source.GetRowCursor(missing);
            var stores = missing.Select(c => ColumnStore.Create(cursor, cursor.Schema[c.Index])).ToArray();
            int rows = 0;
            for (; cursor.MoveNext(); rows = checked(rows + 1))
                foreach (var store in stores) store.Keep(rows);
            Check.State(_rows is null || _rows == rows, "The view to cache has another number of rows each time it is read");
            for (int i = 0; i < stores.Length; i++)
            {
                stores[i].Detach();
                _stores[missing[i].Index] = stores[i];
            }
            _rows = rows;
            return rows;
        }
    }

    private static int[] Permutation(Random random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = 0; i < count; i++)
        {
            int j = i + random.Next(count - i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private sealed class Cursor(CacheDataView cache, int rows, HashSet<int> active, int[]? order) : DataViewRowCursor
    {
        private int _position = -1;

        public override DataViewSchema Schema => cache.Schema;

        public override long Position => _position < rows ? _position : -1;

        public override long Batch => 0;

        public override bool MoveNext() => _position < rows && ++_position < rows;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Check.Parameter(IsColumnActive(column), nameof(column), Check.NotAskedFor(column));
            return cache._stores[column.Index]!.Getter(Slot).As<TValue>();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref id) => id = new DataViewRowId((ulong)Slot(), 0);

        private int Slot()
        {
            Check.State(_position >= 0 && _position < rows, "The cursor is on no row: before the first MoveNext or after the last");
            return order?[_position] ?? _position;
        }

        protected override void Dispose(bool disposing)
        {
            _position = rows;
            base.Dispose(disposing);
        }
    }
}
