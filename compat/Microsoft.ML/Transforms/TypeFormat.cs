namespace Microsoft.ML.Data;

/// <summary>The bytes of a column type in model files: those of a schema with one column.</summary>
internal static class TypeFormat
{
    internal static void Write(BinaryWriter writer, DataViewType type)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Type", type);
        SchemaFormat.Write(writer, schema.ToSchema());
    }

    internal static DataViewType Read(BinaryReader reader)
    {
        var schema = SchemaFormat.Read(reader);
        Check.Decode(schema.Count == 1, "A damaged model: a column type is not one.");
        return schema[0].Type;
    }
}
