namespace Microsoft.ML.Data;

/// <summary>
/// The rows of a view whose random number passes a test. Every cursor draws the same numbers and sees every row of the source, in order,
/// so all cursors show the same rows.
/// </summary>
internal sealed class RandomRows(IDataView source, int seed, Func<float, bool> test) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), seed, test);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, int seed, Func<float, bool> test) : ForwardingCursor(input)
    {
        private readonly TauswortheHybrid _random = TauswortheHybrid.Create(seed);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (test(_random.NextSingle())) return true;
            return false;
        }
    }
}

/// <summary>Leaves out the first rows, or all but the first rows.</summary>
internal sealed class RangeView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } rows ? Math.Min(Math.Max(0, rows - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, long skip, long take) : ForwardingCursor(input)
    {
        private long _toSkip = skip, _toTake = take;

        protected override bool MoveNextCore()
        {
            if (_toTake-- <= 0) return false;
            for (; _toSkip > 0; _toSkip--)
                if (!Input.MoveNext()) return false;
            return Input.MoveNext();
        }
    }
}
