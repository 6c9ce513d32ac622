using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The bytes of a schema in model files: columns, hidden ones too, with their annotations.</summary>
internal static class SchemaFormat
{
    private const int Version = 1;

    private enum Kind : byte { Primitive, Key, Vector }

    /// <summary>Whether the bytes can express a column's type; a picture's, for instance, they cannot.</summary>
    public static bool CanWrite(DataViewType type) =>
        type.GetItemType() is { } item && (item is KeyDataViewType || Array.IndexOf(ColumnTypes.Primitives, item) >= 0);

    public static void Write(BinaryWriter writer, IReadOnlyList<DataViewSchema.Column> columns)
    {
        writer.Write(Version);
        writer.Write(columns.Count);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(a => !a.IsHidden && CanWrite(a.Type)).ToList();
            writer.Write(annotations.Count);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                WriteType(writer, annotation.Type);
                ReflectionUtils.Call(typeof(SchemaFormat), annotation.Type is VectorDataViewType ? nameof(WriteVector) : nameof(WriteValue),
                    [annotation.Type.GetItemType().RawType], writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        Check.Decode(reader.ReadInt32() == Version, "The schema is of a version that is not known.");
        var schema = new DataViewSchema.Builder();
        // Name, type and number of annotations take six bytes at least.
        for (int columns = reader.ReadCount(6); columns > 0; columns--)
        {
            string name = reader.ReadString();
            var type = ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            for (int count = reader.ReadCount(2); count > 0; count--)
            {
                string annotation = reader.ReadString();
                var annotationType = ReadType(reader);
                ReflectionUtils.Call(typeof(SchemaFormat), annotationType is VectorDataViewType ? nameof(ReadVector) : nameof(ReadValue),
                    [annotationType.GetItemType().RawType], reader, annotations, annotation, annotationType);
            }
            schema.AddColumn(name, type, annotations.ToAnnotations());
        }
        return schema.ToSchema();
    }

    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write((byte)Kind.Vector);
                WriteType(writer, vector.ItemType);
                writer.Write(vector.Dimensions.Length);
                foreach (int dimension in vector.Dimensions)
                    writer.Write(dimension);
                break;
            case KeyDataViewType key:
                writer.Write((byte)Kind.Key);
                WritePrimitive(writer, ColumnTypes.Primitive(key.RawType));
                writer.Write(key.Count);
                break;
            default:
                writer.Write((byte)Kind.Primitive);
                WritePrimitive(writer, type);
                break;
        }
    }

    private static void WritePrimitive(BinaryWriter writer, DataViewType type) =>
        writer.Write((byte)Array.IndexOf(ColumnTypes.Primitives, type));

    private static DataViewType ReadType(BinaryReader reader) =>
        (Kind)reader.ReadByte() is var kind && kind == Kind.Vector ? ReadVectorType(reader) : ReadScalarType(reader, kind);

    private static VectorDataViewType ReadVectorType(BinaryReader reader)
    {
        var item = ReadScalarType(reader, (Kind)reader.ReadByte());
        var dimensions = new int[reader.ReadCount(sizeof(int))];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return new(item, dimensions);
    }

    private static PrimitiveDataViewType ReadScalarType(BinaryReader reader, Kind kind)
    {
        int index = reader.ReadByte();
        Check.Decode(kind is Kind.Key or Kind.Primitive && index < ColumnTypes.Primitives.Length, "A damaged model: a column type is not one.");
        var primitive = ColumnTypes.Primitives[index];
        return kind == Kind.Key ? new KeyDataViewType(primitive.RawType, reader.ReadUInt64()) : primitive;
    }

    private static void WriteValue<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default!;
        annotations.GetGetter<T>(annotation)(ref value);
        ValueFormat.Write(writer, value);
    }

    private static void WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> value = default;
        annotations.GetGetter<VBuffer<T>>(annotation)(ref value);
        ValueFormat.WriteVector(writer, value);
    }

    private static void ReadValue<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string name, DataViewType type)
    {
        var value = ValueFormat.Read<T>(reader);
        annotations.Add(name, type, (ref T destination) => destination = value);
    }

    private static void ReadVector<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string name, DataViewType type)
    {
        var value = ValueFormat.ReadVector<T>(reader);
        annotations.Add(name, type, (ref VBuffer<T> destination) => value.CopyTo(ref destination));
    }
}
