namespace Microsoft.ML.Data;

/// <summary>Names of the annotations that ML.NET gives a meaning, and short ways to make them.</summary>
internal static class AnnotationUtils
{
    /// <summary>Adds a vector that is copied to whoever asks for it.</summary>
    public static void AddVector<T>(this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType itemType,
        T[] values)
    {
        var vector = new VBuffer<T>(values.Length, values);
        builder.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> destination) => vector.CopyTo(ref destination));
    }

    public static bool HasSlotNames(this SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Vector
        && column.Annotations.TryFindColumn(Kinds.SlotNames, out var found)
        && found is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false, ItemType: TextDataViewType };

    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
    }
}
