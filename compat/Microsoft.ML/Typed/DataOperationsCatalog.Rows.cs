using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableDataView<TRow>(data, TypedColumn.Of(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));
    }

    /// <summary>Binds the columns at once, reads the rows when they are enumerated.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition? schemaDefinition = null) where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        var writing = new RowWriting<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition);
        return Rows();

        IEnumerable<TRow> Rows()
        {
            using var cursor = data.GetRowCursor(writing.Columns);
            var fill = writing.Bind(cursor);
            var row = new TRow();
            while (cursor.MoveNext())
            {
                fill(row);
                yield return row;
                if (!reuseRowObject) row = new TRow();
            }
        }
    }
}
