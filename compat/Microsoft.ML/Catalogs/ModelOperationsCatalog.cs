using System.IO.Compression;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves, loads and applies models.</summary>
public sealed partial class ModelOperationsCatalog : IInternalCatalog
{
    private const string ModelDirectory = "TransformerChain";
    private const string SchemaEntry = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save(ITransformer? model, DataViewSchema? inputSchema, string filePath)
    {
        using var stream = File.Create(Check.NotEmpty(filePath));
        Save(model, inputSchema, stream);
    }

    /// <summary>Writes a zip file; the stream stays open.</summary>
    public void Save(ITransformer? model, DataViewSchema? inputSchema, Stream stream)
    {
        using var archive = new ZipArchive(Check.NotNull(stream), ZipArchiveMode.Create, leaveOpen: true);
        if (model is not null)
            ModelSaveContext.SaveModel(archive, model, ModelDirectory);
        if (inputSchema is not null)
            SaveSchema(archive, inputSchema);
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        using var stream = File.OpenRead(Check.NotEmpty(filePath));
        return Load(stream, out inputSchema);
    }

    /// <summary>Reads a model; the schema is null when it was saved without one.</summary>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        using var archive = new ModelArchive(Check.NotNull(stream));
        using var schema = archive.OpenOrNull(SchemaEntry);
        inputSchema = schema is null ? null! : ModelArchive.Decoded(() => SchemaFormat.Read(new(schema, Encoding.UTF8)));
        return ModelLoadContext.LoadModel<ITransformer>(_env, archive, ModelDirectory);
    }

    private void SaveSchema(ZipArchive archive, DataViewSchema schema)
    {
        using var channel = _env.Start("Save");
        var columns = schema.ToLookup(column => SchemaFormat.CanWrite(column.Type));
        foreach (var column in columns[false])
            channel.Info(MessageSensitivity.Schema, "The saved schema lacks column '{0}': model files cannot express its type.", column.Name);
        Check.State(columns[true].Any(), "Model files can express the type of none of the columns; save the model with null for its schema.");
        using var writer = new BinaryWriter(archive.CreateEntry(SchemaEntry).Open(), Encoding.UTF8);
        SchemaFormat.Write(writer, [.. columns[true]]);
    }
}
