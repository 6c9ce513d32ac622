namespace Microsoft.ML.Data;

/// <summary>Which column type a class that ML.NET does not know by itself becomes, such as a picture.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Registering = new();
    private static readonly List<(Type Raw, DataViewTypeAttribute? Attribute, DataViewType Type)> Registered = [];

    /// <summary>The same pair may be registered again; a part of it must not be paired with something else.</summary>
    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute? typeAttribute = null)
    {
        Check.NotNull(dataViewType);
        Check.Parameter(ColumnTypes.PrimitiveOrNull(Check.NotNull(type)) is null, nameof(type), $"Type {type} has a column type already");
        lock (Registering)
        {
            var known = Find(type, typeAttribute);
            Check.Parameter(known is null || known.Equals(dataViewType), nameof(type), $"Type {type} belongs to {known} and cannot belong to {dataViewType} too");
            var other = Registered.Find(r => r.Type.Equals(dataViewType));
            Check.Parameter(other.Raw is null || (other.Raw == type && Same(other.Attribute, typeAttribute)), nameof(dataViewType),
                $"The column type {dataViewType} belongs to {other.Raw} and cannot belong to {type} too");
            if (known is null) Registered.Add((type, typeAttribute, dataViewType));
        }
    }

    internal static DataViewType? Find(Type type, DataViewTypeAttribute? attribute)
    {
        lock (Registering) return Registered.Find(r => r.Raw == type && Same(r.Attribute, attribute)).Type;
    }

    private static bool Same(DataViewTypeAttribute? one, DataViewTypeAttribute? other) => one is null ? other is null : other is not null && one.Equals(other);
}
