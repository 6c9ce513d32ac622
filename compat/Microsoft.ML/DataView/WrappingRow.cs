namespace Microsoft.ML.Data;

/// <summary>A row over another row, at the same position; disposes it.</summary>
internal abstract class WrappingRow(DataViewRow input) : DataViewRow
{
    protected DataViewRow Input => input;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
    }
}

/// <summary>A cursor over another cursor, one row for each of its rows; disposes it.</summary>
internal abstract class WrappingCursor(DataViewRowCursor input) : DataViewRowCursor
{
    protected DataViewRowCursor Input => input;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
    }
}

/// <summary>A row source of its own: counts positions, and ends for good at the first row that is not there.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public sealed override long Position => _position;

    public sealed override bool MoveNext()
    {
        if (!_ended && MoveNextCore())
            _position++;
        else
            Dispose();
        return !_ended;
    }

    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        _ended = true;
        _position = -1;
    }
}

/// <summary>Short ways to cursors and getters.</summary>
internal static class RowExtensions
{
    public static DataViewRowCursor GetRowCursor(this IDataView view, params DataViewSchema.Column[] columnsNeeded) =>
        view.GetRowCursor(columnsNeeded, null);

    /// <summary>The getter as the type that the caller asked for.</summary>
    public static ValueGetter<T> As<T>(this Delegate getter) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException(
            $"The column's values are {getter.GetType().GetGenericArguments()[0]}; they cannot be read as {typeof(T)}.");

    /// <summary>Which columns are asked for, by index.</summary>
    public static bool[] Mark(this DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var marks = new bool[schema.Count];
        foreach (var column in Check.NotNull(columns))
        {
            Check.State(column.Index < marks.Length, $"Column {column.Index} '{column.Name}' is of another schema: this one has {marks.Length} columns.");
            marks[column.Index] = true;
        }
        return marks;
    }
}
