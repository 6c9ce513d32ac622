namespace Microsoft.ML.Data;

/// <summary>Some columns of a schema, in any order, and which input column each of them is.</summary>
internal sealed class ColumnSubset : IRowToRowMapper
{
    private readonly int[] _inputs;

    internal ColumnSubset(DataViewSchema input, IEnumerable<int> columns)
    {
        InputSchema = input;
        _inputs = [.. columns];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_inputs.Select(i => input[i]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    internal DataViewSchema.Column ToInput(DataViewSchema.Column output) => InputSchema[_inputs[output.Index]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var wanted = dependingColumns.Select(c => _inputs[c.Index]).ToHashSet();
        return InputSchema.Where(c => wanted.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(input, this);

    private sealed class Row(DataViewRow input, ColumnSubset columns) : WrappingRow(input)
    {
        public override DataViewSchema Schema => columns.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(columns.ToInput(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(columns.ToInput(column));
    }
}

/// <summary>A view of some columns of another one.</summary>
internal sealed class SubsetView(IDataView source, ColumnSubset columns) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => columns.OutputSchema;

    internal static IDataView Cacheable(IDataView source) => source.Schema.All(c => ColumnStore.CanKeep(c.Type))
        ? source : new SubsetView(source, new(source.Schema, source.Schema.Where(c => ColumnStore.CanKeep(c.Type)).Select(c => c.Index)));

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columns.GetDependencies(columnsNeeded), rand), columns);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. source.GetRowCursorSet(columns.GetDependencies(columnsNeeded), n, rand).Select(input => new Cursor(input, columns))];

    private sealed class Cursor(DataViewRowCursor input, ColumnSubset columns) : WrappingCursor(input)
    {
        public override DataViewSchema Schema => columns.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(columns.ToInput(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(columns.ToInput(column));
    }
}
