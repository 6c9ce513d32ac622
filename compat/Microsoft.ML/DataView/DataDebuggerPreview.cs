using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML
{
    /// <summary>Shows the first rows of a view.</summary>
    public static class DebuggerExtensions
    {
        public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

        public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100) =>
            new(transformer.Transform(data), maxRows);
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>The first rows of a view, by row and by column.</summary>
    public sealed class DataDebuggerPreview
    {
        internal DataDebuggerPreview(IDataView data, int maxRows)
        {
            Check.Parameter(maxRows >= 0, nameof(maxRows));
            Schema = Check.NotNull(data).Schema;
            var rows = new List<object[]>();
            using (var cursor = data.GetRowCursorForAllColumns())
            {
                var readers = Schema.Select(column => Reader(cursor, column)).ToArray();
                while (rows.Count < maxRows && cursor.MoveNext())
                    rows.Add([.. readers.Select(read => read())]);
            }
            RowView = [.. rows.Select(row => new RowInfo([.. Schema.Select(c => KeyValuePair.Create(c.Name, row[c.Index]))]))];
            ColumnView = [.. Schema.Select(c => new ColumnInfo(c, [.. rows.Select(row => row[c.Index])]))];
        }

        public DataViewSchema Schema { get; }

        public ImmutableArray<ColumnInfo> ColumnView { get; }

        public ImmutableArray<RowInfo> RowView { get; }

        public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

        private static Func<object> Reader(DataViewRow row, DataViewSchema.Column column) =>
            (Func<object>)ReflectionUtils.Call(typeof(DataDebuggerPreview), nameof(TypedReader), column.Type.RawType, row, column)!;

        private static Func<object> TypedReader<T>(DataViewRow row, DataViewSchema.Column column)
        {
            var getter = row.GetGetter<T>(column);
            return () =>
            {
                T value = default!;
                getter(ref value);
                return value!;
            };
        }

        /// <summary>A row's values by column name.</summary>
        public sealed class RowInfo
        {
            internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

            public KeyValuePair<string, object>[] Values { get; }

            public override string ToString() => $"{Values.Length} columns";
        }

        /// <summary>A column's values.</summary>
        public sealed class ColumnInfo
        {
            internal ColumnInfo(DataViewSchema.Column column, object[] values) => (Column, Values) = (column, values);

            public DataViewSchema.Column Column { get; }

            public object[] Values { get; }

            public override string ToString() => $"{Column.Name}: {Column.Type}";
        }
    }
}
