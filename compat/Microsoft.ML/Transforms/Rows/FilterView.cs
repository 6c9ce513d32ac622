namespace Microsoft.ML.Data;

/// <summary>
/// The rows of a view that pass a test. Every cursor makes its own test, which sees every row of the source once, in order:
/// so a test that draws random numbers agrees with itself.
/// </summary>
internal sealed class FilterView(IDataView source, bool ordered, int[] columns, Func<DataViewRow, Func<bool>> makeTest) : IDataView
{
    public bool CanShuffle => !ordered && source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var wanted = columnsNeeded.Select(c => c.Index).ToHashSet();
        var input = source.GetRowCursor(Schema.Where(c => wanted.Contains(c.Index) || columns.Contains(c.Index)), ordered ? null : rand);
        return new Cursor(input, wanted, makeTest(input));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, HashSet<int> wanted, Func<bool> test) : ForwardingCursor(input)
    {
        public override bool IsColumnActive(DataViewSchema.Column column) => wanted.Contains(column.Index);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (test()) return true;
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
