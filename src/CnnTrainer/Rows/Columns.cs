using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Rows;

/// <summary>Finds columns and gets at their values. Complaints about columns in general are worded here.</summary>
internal static class Columns
{
    /// <summary>A column of any type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public static DataViewSchema.Column Any(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw NotFound(role, name, schema.Select(other => other.Name));

    /// <summary>A column that is a vector of known length whose items are of one of the given types.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static (DataViewSchema.Column Column, VectorDataViewType Type) Vector(
        DataViewSchema schema, string name, string role = "input", params ReadOnlySpan<PrimitiveDataViewType> items)
    {
        var column = Any(schema, role, name);
        if (items.IsEmpty) items = [NumberDataViewType.Single];
        if (column.Type is not VectorDataViewType vector || !items.Contains(vector.ItemType)) throw NotAVector(role, name, column.Type, items);
        return vector.IsKnownSize ? (column, vector) : throw Mismatch(
            $"The {role} column '{name}' is a vector of {vector.ItemType} whose length is not known: say it, for images of one channel and 28 x 28 pixels as " +
            $"[VectorType(1, 28, 28)] on the {(vector.ItemType == NumberDataViewType.Byte ? "byte[]" : "float[]")} member of the row class.");
    }

    /// <summary>The same column in a pipeline that has not met its data yet, as far as a <see cref="SchemaShape"/> knows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape.Column Vector(SchemaShape schema, string name, string role = "input", params ReadOnlySpan<PrimitiveDataViewType> items)
    {
        var column = Find(schema, role, name);
        if (items.IsEmpty) items = [NumberDataViewType.Single];
        return column.Kind == SchemaShape.Column.VectorKind.Vector && !column.IsKey && items.Contains(column.ItemType as PrimitiveDataViewType)
            ? column
            : throw NotAVector(role, name, $"{column.Kind} of {column.ItemType}", items);
    }

    /// <summary>A column of one Single a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column Single(DataViewSchema schema, string role, string name) =>
        Any(schema, role, name) is var column && column.Type == NumberDataViewType.Single ? column : throw NotSingle(role, name, column.Type);

    /// <summary>The same column in a pipeline that has not met its data yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape.Column Single(SchemaShape schema, string role, string name) =>
        Find(schema, role, name) is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false } column && column.ItemType == NumberDataViewType.Single
            ? column
            : throw NotSingle(role, name, Find(schema, role, name).ItemType);

    /// <summary>A column of a <see cref="SchemaShape"/>; a later one of the same name hides the earlier ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public static SchemaShape.Column Find(SchemaShape schema, string role, string name)
    {
        for (int i = schema.Count - 1; i >= 0; i--)
        {
            if (schema[i].Name == name) return schema[i];
        }

        throw NotFound(role, name, schema.Select(column => column.Name));
    }

    /// <summary>A shape with columns added; they hide those of the same name.</summary>
    public static SchemaShape Add(SchemaShape schema, params SchemaShape.Column[] added) =>
        new(schema.Where(column => added.All(other => other.Name != column.Name)).Concat(added));

    /// <summary>A row's getter as the type that is asked for.</summary>
    /// <exception cref="InvalidOperationException">The column is not active, or its values are of another type.</exception>
    public static ValueGetter<TValue> Getter<TValue>(DataViewRow row, DataViewSchema.Column column, Func<Delegate> getter)
    {
        if (!row.IsColumnActive(column)) throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this cursor was made.");
        return getter() as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"The column '{column.Name}' is {column.Type}, whose values are {column.Type.RawType}, not {typeof(TValue)}.");
    }

    /// <summary>ML.NET's own exception for a schema that does not fit, with its parameter name.</summary>
    public static ArgumentOutOfRangeException Mismatch(string message, string inputSchema = "inputSchema") => new(inputSchema, message);

    /// <summary>What a getter throws where its cursor is not on a row.</summary>
    public static InvalidOperationException OnNoRow() => new("The cursor is on no row: before the first MoveNext or after the last.");

    private static ArgumentOutOfRangeException NotSingle(string role, string name, object type) => Mismatch(
        $"The {role} column '{name}' is {type}, not Single: append ml.Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single) before the trainer.");

    private static ArgumentOutOfRangeException NotFound(string role, string name, IEnumerable<string> present) =>
        Mismatch($"Could not find the {role} column '{name}'. The data has the columns {string.Join(", ", present.Distinct())}.");

    private static ArgumentOutOfRangeException NotAVector(string role, string name, object type, ReadOnlySpan<PrimitiveDataViewType> items) => Mismatch(
        $"The {role} column '{name}' is {type}; a vector of {string.Join(" or ", items.ToArray().Select(item => item.ToString()))} of known length is needed " +
        "(see ExtractPixels, ConvertType and Concatenate).");
}
