namespace Microsoft.ML.Data;

/// <summary>
/// Rows in random order: the next row is drawn from a pool that slides over the source, and the source is asked to shuffle as well.
/// Every cursor shows the same order, unless it is given its own random numbers.
/// </summary>
internal sealed class ShuffleView(IDataView data, int seed, int poolRows, bool shuffleSource) : IDataView
{
    private readonly IDataView _source = SubsetView.Cacheable(data);

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var random = rand ?? TauswortheHybrid.Create(seed);
        var input = _source.GetRowCursor(columnsNeeded, shuffleSource ? TauswortheHybrid.Create(random) : null);
        return poolRows == 1 ? input : new Cursor(input, random, poolRows);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : ForwardingCursor
    {
        private readonly Random _random;
        private readonly Dictionary<int, ColumnStore> _stores = [];
        private readonly ColumnStore<DataViewRowId> _ids;
        private readonly int[] _ring;   // slots of the rows in the pool, from _head on; the row just before _head is the current one
        private int _head, _count;

        internal Cursor(DataViewRowCursor input, Random random, int poolRows) : base(input)
        {
            _random = random;
            _ring = [.. Enumerable.Range(0, poolRows + 1)];
            _ids = new(input.GetIdGetter());
            foreach (var column in input.Schema.Where(input.IsColumnActive)) _stores.Add(column.Index, ColumnStore.Create(input, column));
        }

        public override long Batch => 0;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Check.Parameter(_stores.ContainsKey(column.Index), nameof(column), Check.NotAskedFor(column));
            return _stores[column.Index].Getter(Current).As<TValue>();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.Getter(Current);

        protected override bool MoveNextCore()
        {
            while (_count < _ring.Length - 1 && Input.MoveNext()) Keep(_ring[At(_count++)]);
            if (_count == 0) return false;
            int drawn = At(_random.Next(_count));
            (_ring[drawn], _ring[_head]) = (_ring[_head], _ring[drawn]);
            _head = At(1);
            _count--;
            return true;
        }

        private int Current() => _ring[At(_ring.Length - 1)];

        private int At(int offset) => (_head + offset) % _ring.Length;

        private void Keep(int slot)
        {
            foreach (var store in _stores.Values) store.Keep(slot);
            _ids.Keep(slot);
        }
    }
}
