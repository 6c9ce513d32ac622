using CnnMlNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Rows;

/// <summary>
/// Adds columns to rows: the input's schema, what it reads there and how the added values come about. The common ground of this
/// library's transformers, since ML.NET keeps its own base classes to itself.
/// </summary>
internal abstract class RowMapper : IRowToRowMapper
{
    /// <param name="input">Schema of the rows.</param>
    /// <param name="reads">The column the added ones are computed from.</param>
    /// <param name="adds">The columns added, after all of the input's.</param>
    protected RowMapper(DataViewSchema input, DataViewSchema.Column reads, params DataViewSchema.DetachedColumn[] adds)
    {
        (InputSchema, Reads) = (input, reads);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input);
        schema.AddColumns(adds);
        OutputSchema = schema.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The column the added ones are computed from.</summary>
    protected DataViewSchema.Column Reads { get; }

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns.ToList();
        var passed = PassedThrough(columns);
        return columns.Any(IsAdded) ? passed.Append(Reads).DistinctBy(column => column.Index) : passed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(this, input, [.. activeColumns]);

    /// <summary>A getter for each added column, for one row object whose position moves on; and what they hold, disposed with the row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="active">The columns that are asked for; getters of others are never called.</param>
    public abstract (Delegate[] Getters, IDisposable? Resources) Getters(DataViewRow row, IReadOnlyList<DataViewSchema.Column> active);

    /// <summary>A cursor over a source; by default it computes row by row.</summary>
    public virtual DataViewRowCursor GetCursor(IDataView source, IReadOnlyList<DataViewSchema.Column> columns, Random? rand)
    {
        var input = source.GetRowCursor(GetDependencies(columns), rand);
        try
        {
            return new MappedCursor(input, new MappedRow(this, input, columns));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    protected IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(column => !IsAdded(column)).Select(column => InputSchema[column.Index]);
}

/// <summary>A view with added columns. Lazy: nothing is computed before a cursor's getter is called.</summary>
internal sealed class MappedView(IDataView source, RowMapper mapper) : INotForOnnx
{
    public IDataView Source => source;

    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        mapper.GetCursor(source, [.. columnsNeeded], source.CanShuffle ? rand : null);

    // One cursor is always a correct answer; the work within it is parallel already.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>A row of the input with the added columns' getters, which are made where one of them is asked for.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly RowMapper _mapper;
    private readonly DataViewRow _input;
    private readonly HashSet<int> _active;
    private readonly Delegate[] _getters = [];
    private readonly IDisposable? _resources;

    public MappedRow(RowMapper mapper, DataViewRow input, IReadOnlyList<DataViewSchema.Column> active)
    {
        (_mapper, _input, _active) = (mapper, input, [.. active.Select(column => column.Index)]);
        if (active.Any(mapper.IsAdded)) (_getters, _resources) = mapper.Getters(input, active);
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () =>
        _mapper.IsAdded(column) ? _getters[column.Index - _mapper.InputSchema.Count] : _input.GetGetter<TValue>(_mapper.InputSchema[column.Index]));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _resources?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Moves an input cursor and serves a <see cref="MappedRow"/> of it.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, MappedRow row) : DataViewRowCursor
{
    public override DataViewSchema Schema => row.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) row.Dispose();
        base.Dispose(disposing);
    }
}
