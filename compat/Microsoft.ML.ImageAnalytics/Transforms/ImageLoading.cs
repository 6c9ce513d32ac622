using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass("", typeof(ImageLoadingTransformer), typeof(ImageLoadingTransformer), null,
    typeof(SignatureLoadModel), "Image Loader", "ImageLoaderTransform")]

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(ImageLoadingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (source.ItemType is not TextDataViewType || source.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw Check.Mismatch(pair.Input, "text", source.GetTypeString());
        return Transformer.Decodes ? new SchemaShape.Column(pair.Output, SchemaShape.Column.VectorKind.Scalar, new ImageDataViewType(), false)
            : new(pair.Output, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false);
    }));
}

/// <summary>Reads the files that a text column names, relative to a folder if there is one; an empty name stands for no image.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    // Null where there is none; not said in the type, as the published library has no nullable annotations.
    public readonly string ImageFolder;

    internal ImageLoadingTransformer((string Output, string Input)[] columns, string? folder, bool decodes) : base(columns) =>
        (ImageFolder, Decodes) = (folder!, decodes);

    private ImageLoadingTransformer(ModelLoadContext ctx) : base(ctx)
    {
        ImageFolder = ctx.Reader.ReadBoolean() ? ctx.Reader.ReadString() : null!;
        Decodes = ctx.Reader.ReadBoolean();
    }

    /// <summary>Images if so, else the files' bytes.</summary>
    internal bool Decodes { get; }

    private static VersionInfo Version =>
        new("IMGLOADR", 0x00010003, 0x00010003, 0x00010003, typeof(ImageLoadingTransformer).Assembly.FullName!, "ImageLoaderTransform");

    private static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(ImageFolder is not null);
        if (ImageFolder is not null) ctx.Writer.Write(ImageFolder);
        ctx.Writer.Write(Decodes);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private string PathOf(ReadOnlyMemory<char> name) => string.IsNullOrWhiteSpace(ImageFolder) ? name.ToString() : Path.Combine(ImageFolder, name.ToString());

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImageLoadingTransformer _owner;

        internal Mapper(DataViewSchema schema, ImageLoadingTransformer owner) : base(schema, owner.ColumnPairs)
        {
            _owner = owner;
            foreach (var source in Sources)
                if (source.Type is not TextDataViewType) throw Check.Mismatch(source.Name, "text", $"{source.Type}");
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. Names.Select(name =>
            new DataViewSchema.DetachedColumn(name, _owner.Decodes ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte, 0)))];

        public override Delegate CreateGetter(DataViewRow input, int added)
        {
            var get = input.GetGetter<ReadOnlyMemory<char>>(Sources[added]);
            ReadOnlyMemory<char> name = default;
            if (!_owner.Decodes) return (ValueGetter<VBuffer<byte>>)((ref to) =>
            {
                get(ref name);
                byte[] bytes = name.IsEmpty ? [] : File.ReadAllBytes(_owner.PathOf(name));
                to = new(bytes.Length, bytes);
            });
            return (ValueGetter<MLImage>)((ref to) =>
            {
                to?.Dispose();
                to = null!;
                get(ref name);
                if (!name.IsEmpty) to = Load(_owner.PathOf(name));
            });
        }

        private static MLImage Load(string path)
        {
            var image = Codec.Decode(File.ReadAllBytes(path)) ?? throw MLImage.NoImage(path, "imageStream");
            image.Tag = path;
            return image;
        }
    }
}
