namespace Microsoft.ML.Data;

/// <summary>Questions about column types.</summary>
internal static class ColumnTypes
{
    /// <summary>All primitive types but keys. Model files hold their places: add at the end only.</summary>
    public static readonly PrimitiveDataViewType[] Primitives =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    /// <summary>The item type of a vector, else the type itself.</summary>
    public static DataViewType GetItemType(this DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;

    /// <summary>The size of a vector (0 when it varies), 1 for a scalar.</summary>
    public static int GetValueCount(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 1;

    /// <summary>The number of categories of a key, else 0.</summary>
    public static ulong GetKeyCount(this DataViewType type) => (type as KeyDataViewType)?.Count ?? 0;

    /// <summary>The primitive type with that raw type; string counts as text.</summary>
    public static PrimitiveDataViewType? PrimitiveOrNull(Type raw) =>
        raw == typeof(string) ? TextDataViewType.Instance : Array.Find(Primitives, p => p.RawType == raw);

    public static PrimitiveDataViewType Primitive(Type raw) =>
        PrimitiveOrNull(raw) ?? throw new InvalidOperationException($"No column type has values of type {raw}.");
}
