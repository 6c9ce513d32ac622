namespace Microsoft.ML.Data;

/// <summary>Reads one column as a sequence, anew each time it is enumerated.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) =>
        data.GetColumn<T>(Check.NotNull(data).Schema[columnName]);

    /// <summary>
    /// T is the column's raw type, string for text, or an array for a vector (string[] for one of text).
    /// A VBuffer is valid until the next one is read: they share their buffers.
    /// </summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Check.NotEmpty(column.Name, nameof(column));
        var schema = Check.NotNull(data).Schema;
        Check.Parameter(column.Index < schema.Count && schema[column.Index].Name == column.Name && schema[column.Index].Type == column.Type,
            nameof(column), $"The data has no column {column.Index} called '{column.Name}' of type {column.Type}: take the column from this data's schema.");
        return Columns<T>(data, schema[column.Index]) as IEnumerable<T>
            ?? throw Check.Ours(new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' is {column.Type} and cannot be read as {typeof(T)}."));
    }

    private static object? Columns<T>(IDataView data, DataViewSchema.Column column)
    {
        var item = (column.Type as VectorDataViewType)?.ItemType;
        if (column.Type.RawType == typeof(T))
            return Read<T, T>(data, column, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return Read<ReadOnlyMemory<char>, string>(data, column, text => text.ToString());
        if (typeof(T) == typeof(string[]) && item is TextDataViewType)
            return Read<VBuffer<ReadOnlyMemory<char>>, string[]>(data, column,
                vector => [.. vector.DenseValues().Select(text => text.ToString())]);
        if (item is not null && typeof(T).IsArray && typeof(T).GetElementType() == item.RawType)
            return ReflectionUtils.Call(typeof(ColumnCursorExtensions), nameof(Arrays), [item.RawType], data, column);
        return null;
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) => Read<VBuffer<T>, T[]>(data, column, vector =>
    {
        var array = new T[vector.Length];
        vector.CopyTo(array);
        return array;
    });

    private static IEnumerable<TOut> Read<TIn, TOut>(IDataView data, DataViewSchema.Column column, Func<TIn, TOut> map)
    {
        using var cursor = data.GetRowCursor(column);
        var getter = cursor.GetGetter<TIn>(column);
        TIn value = default!;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return map(value);
        }
    }
}
