namespace Microsoft.ML.Data;

/// <summary>Columns that are computed from a row, bound to the schema of that row.</summary>
internal abstract class RowMapper(DataViewSchema input)
{
    public DataViewSchema InputSchema { get; } = Check.NotNull(input);

    /// <summary>The columns to add; one of an existing name hides that column.</summary>
    public abstract DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>The input columns that an added column is computed from.</summary>
    public abstract IEnumerable<DataViewSchema.Column> GetDependencies(int added);

    /// <summary>A ValueGetter of the added column's raw type. Called for each getter that is asked for.</summary>
    public abstract Delegate CreateGetter(DataViewRow input, int added);
}

/// <summary>
/// The input's columns with the added ones: a new name goes to the end, an existing name right behind the column that it hides.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly int[] _map;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        // A place holds the index of an input column, or the complement of the index of an added one.
        var places = Enumerable.Range(0, input.Count).ToList();
        string Name(int place) => place >= 0 ? input[place].Name : added[~place].Name;
        for (int i = 0; i < added.Length; i++)
        {
            int last = places.FindLastIndex(place => Name(place) == added[i].Name);
            places.Insert(last < 0 ? places.Count : last + 1, ~i);
        }
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(places.Select(place => place >= 0 ? new(input[place]) : added[~place]));
        Schema = builder.ToSchema();
        _map = [.. places];
    }

    public DataViewSchema Schema { get; }

    /// <summary>Whether the column comes from the input; index is its index there, else its index among the added columns.</summary>
    public bool IsInput(int column, out int index)
    {
        index = _map[column] >= 0 ? _map[column] : ~_map[column];
        return _map[column] >= 0;
    }
}

/// <summary>A view of a source with a mapper's columns added.</summary>
internal sealed class MappedView(IDataView source, RowMapper mapper) : IDataView
{
    private readonly MappedRows _rows = new(mapper);

    public DataViewSchema Schema => _rows.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.Mark(columnsNeeded);
        return new Cursor(source.GetRowCursor(_rows.Needed(active), rand), _rows.Getters(active));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Schema.Mark(columnsNeeded);
        return [.. source.GetRowCursorSet(_rows.Needed(active), n, rand).Select(cursor => new Cursor(cursor, _rows.Getters(active)))];
    }

    private sealed class Cursor(DataViewRowCursor input, AddedGetters getters) : WrappingCursor(input)
    {
        public override DataViewSchema Schema => getters.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => getters.Get<TValue>(Input, column);
    }
}

/// <summary>Adds a mapper's columns to rows.</summary>
internal sealed class MappedRows(RowMapper mapper) : IRowToRowMapper
{
    private readonly ColumnBindings _bindings = new(mapper.InputSchema, mapper.GetOutputColumns());

    public DataViewSchema InputSchema => mapper.InputSchema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Needed(OutputSchema.Mark(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Check.State(Check.NotNull(input).Schema == InputSchema,
            "The row has another schema than the one that the mapper was made for.");
        return new Row(input, Getters(OutputSchema.Mark(activeColumns)));
    }

    internal AddedGetters Getters(bool[] active) => new(_bindings, mapper, active);

    internal IEnumerable<DataViewSchema.Column> Needed(bool[] active)
    {
        var needed = new bool[InputSchema.Count];
        for (int i = 0; i < active.Length; i++)
        {
            if (!active[i])
                continue;
            if (_bindings.IsInput(i, out int index))
                needed[index] = true;
            else
                foreach (var column in mapper.GetDependencies(index))
                    needed[column.Index] = true;
        }
        return InputSchema.Where(c => needed[c.Index]);
    }

    private sealed class Row(DataViewRow input, AddedGetters getters) : WrappingRow(input)
    {
        public override DataViewSchema Schema => getters.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => getters.Get<TValue>(Input, column);
    }
}

/// <summary>The getters over one row.</summary>
internal sealed class AddedGetters(ColumnBindings bindings, RowMapper mapper, bool[] active)
{
    public DataViewSchema Schema => bindings.Schema;

    public bool IsActive(DataViewSchema.Column column) => active[column.Index];

    public ValueGetter<T> Get<T>(DataViewRow input, DataViewSchema.Column column)
    {
        Check.State(IsActive(column), Check.NotAskedFor(column));
        return bindings.IsInput(column.Index, out int index)
            ? input.GetGetter<T>(input.Schema[index])
            : mapper.CreateGetter(input, index).As<T>();
    }
}
