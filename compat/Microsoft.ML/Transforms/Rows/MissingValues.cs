namespace Microsoft.ML.Data;

/// <summary>Leaves out rows with a missing value in one of some columns: NaN, or a key that is 0; of a vector, one such item.</summary>
internal sealed class RowsWithoutMissingValues(IDataView source, DataViewSchema.Column[] columns) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded.Concat(columns).DistinctBy(column => column.Index), rand), columns);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Whether missing values of a type can be told.</summary>
    internal static bool CanTell(DataViewType type) =>
        type.GetItemType() is KeyDataViewType || type.GetItemType() == NumberDataViewType.Single || type.GetItemType() == NumberDataViewType.Double;

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column[] columns) : ForwardingCursor(input)
    {
        private readonly Func<bool>[] _missing = [.. columns.Select(column => Test(input, column))];

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (!_missing.Any(test => test())) return true;
            return false;
        }

        private static Func<bool> Test(DataViewRow row, DataViewSchema.Column column) => (Func<bool>)ReflectionUtils.Call(
            typeof(Cursor), column.Type is VectorDataViewType ? nameof(OfVector) : nameof(OfScalar), [column.Type.GetItemType().RawType], row, column);

        // Keys are missing where they are 0; of numbers, only NaN differs from itself.
        private static bool IsMissing<T>(T value, bool isKey) where T : struct, IEquatable<T> => isKey ? value.Equals(default) : value is float.NaN or double.NaN;

        private static Func<bool> OfScalar<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, IEquatable<T>
        {
            var (getter, isKey, value) = (row.GetGetter<T>(column), column.Type is KeyDataViewType, default(T));
            return () =>
            {
                getter(ref value);
                return IsMissing(value, isKey);
            };
        }

        private static Func<bool> OfVector<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, IEquatable<T>
        {
            var (getter, isKey, value) = (row.GetGetter<VBuffer<T>>(column), column.Type.GetItemType() is KeyDataViewType, default(VBuffer<T>));
            return () =>
            {
                getter(ref value);
                return value.DenseValues().Any(item => IsMissing(item, isKey));
            };
        }
    }
}
