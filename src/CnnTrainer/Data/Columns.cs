using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Data;

/// <summary>Finds and checks the columns the network reads. Every complaint about a schema is worded here.</summary>
internal static class Columns
{
    /// <summary>A column of any type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public static DataViewSchema.Column Any(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw NotFound(role, name, schema.Select(other => other.Name));

    /// <summary>A column that is a vector of Single of known length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column Vector(DataViewSchema schema, string name, string role = "input")
    {
        var column = Any(schema, role, name);
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw NotAVector(role, name, column.Type);
    }

    /// <summary>The feature column and the shape of its images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type, or its length does not match the shape.</exception>
    public static (DataViewSchema.Column Column, ImageShape Shape) Images(DataViewSchema schema, string name, ImageShape? expected)
    {
        var column = Vector(schema, name, "feature");
        var vector = (VectorDataViewType)column.Type;
        var shape = expected ?? FromDimensions(vector) ?? throw Mismatch(
            $"The feature column '{name}' is a plain vector of {vector.Size} values: say the shape of its images (ImageShape).");
        if (shape.Size != vector.Size)
        {
            throw Mismatch($"The feature column '{name}' has {vector.Size} values a row, but images of {shape} (channels x height x width) have {shape.Size}: " +
                "correct the ImageShape or the column.");
        }

        return (column, shape);
    }

    /// <summary>The label column: a key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not a key.</exception>
    public static DataViewSchema.Column Label(DataViewSchema schema, string name)
    {
        var column = Any(schema, "label", name);
        return column.Type is KeyDataViewType ? column : throw LabelNotKey(name, column.Type);
    }

    /// <summary>The same checks on a pipeline that has not met its data yet, as far as a <see cref="SchemaShape"/> knows.</summary>
    /// <returns>The label column, whose key values the predicted label inherits.</returns>
    public static SchemaShape.Column Check(SchemaShape schema, CnnTrainerOptions options)
    {
        CheckVector(schema, "feature", options.FeatureColumnName);
        var label = Find(schema, "label", options.LabelColumnName);
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar) throw LabelNotKey(label.Name, label.ItemType);
        return label;
    }

    /// <summary>As <see cref="Vector"/>, for a <see cref="SchemaShape"/>.</summary>
    public static SchemaShape.Column CheckVector(SchemaShape schema, string role, string name)
    {
        var column = Find(schema, role, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single || column.IsKey)
            throw NotAVector(role, name, $"{column.Kind} of {column.ItemType}");
        return column;
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

    private static SchemaShape.Column Find(SchemaShape schema, string role, string name)
    {
        // A later column of the same name hides the earlier ones.
        for (int i = schema.Count - 1; i >= 0; i--)
        {
            if (schema[i].Name == name) return schema[i];
        }

        throw NotFound(role, name, schema.Select(column => column.Name));
    }

    private static ImageShape? FromDimensions(VectorDataViewType vector) => vector.Dimensions switch
    {
        [var channels, var height, var width] => new ImageShape(channels, height, width),
        [var height, var width] => new ImageShape(1, height, width),
        _ => null,
    };

    private static ArgumentOutOfRangeException NotFound(string role, string name, IEnumerable<string> present) =>
        Mismatch($"Could not find the {role} column '{name}'. The data has the columns {string.Join(", ", present.Distinct())}.");

    private static ArgumentOutOfRangeException NotAVector(string role, string name, object type) =>
        Mismatch($"The {role} column '{name}' is {type}; a vector of Single of known length is needed (see ExtractPixels, ConvertType and Concatenate).");

    private static ArgumentOutOfRangeException LabelNotKey(string name, object type) =>
        Mismatch($"The label column '{name}' is {type}, not a key: append ml.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer.");

    /// <summary>ML.NET's own exception for a schema that does not fit, with its parameter name.</summary>
    public static ArgumentOutOfRangeException Mismatch(string message, string inputSchema = "inputSchema") => new(inputSchema, message);
}
