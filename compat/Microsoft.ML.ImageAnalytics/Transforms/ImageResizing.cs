using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass("", typeof(ImageResizingTransformer), typeof(ImageResizingTransformer), null,
    typeof(SignatureLoadModel), "Image Resizer", "ImageScalerTransform")]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(ImageResizingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        new SchemaShape.Column(pair.Output, inputSchema.FindImage(pair.Input).Kind, Transformer.Type, false)));

    /// <summary>What happens to an image of other proportions: black edges, cut edges, or stretched.</summary>
    public enum ResizingKind : byte
    {
        IsoPad,
        IsoCrop,
        Fill,
    }

    /// <summary>Which part of an image that is cut stays.</summary>
    public enum Anchor : byte
    {
        Right,
        Left,
        Top,
        Bottom,
        Center,
    }
}

/// <summary>Brings images to one size; an image of that size is passed on as it is.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    private readonly ImageResizingEstimator.ResizingKind _kind;
    private readonly ImageResizingEstimator.Anchor _anchor;

    internal ImageResizingTransformer((string Output, string Input)[] columns, int imageWidth, int imageHeight,
        ImageResizingEstimator.ResizingKind resizing, ImageResizingEstimator.Anchor cropAnchor) : base(columns)
    {
        Check.Parameter(imageWidth > 0, nameof(imageWidth), "An image is 1 pixel wide or more.");
        Check.Parameter(imageHeight > 0, nameof(imageHeight), "An image is 1 pixel high or more.");
        Check.Parameter(Enum.IsDefined(resizing), nameof(resizing), $"{resizing} is no kind of resizing.");
        Check.Parameter(Enum.IsDefined(cropAnchor), nameof(cropAnchor), $"{cropAnchor} is no anchor.");
        (Type, _kind, _anchor) = (new(imageHeight, imageWidth), resizing, cropAnchor);
    }

    private ImageResizingTransformer(ModelLoadContext ctx) : base(ctx)
    {
        var (width, height) = (ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32());
        (_kind, _anchor) = ((ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte(), (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte());
        Check.Decode(width > 0 && height > 0 && (long)width * height <= int.MaxValue / 4 && Enum.IsDefined(_kind) && Enum.IsDefined(_anchor),
            "A damaged model: the size of resized images is none.");
        Type = new(height, width);
    }

    internal ImageDataViewType Type { get; }

    private static VersionInfo Version =>
        new("IMGSCALF", 0x00010003, 0x00010003, 0x00010003, typeof(ImageResizingTransformer).Assembly.FullName!, "ImageScalerTransform");

    private static ImageResizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(Type.Width);
        ctx.Writer.Write(Type.Height);
        ctx.Writer.Write((byte)_kind);
        ctx.Writer.Write((byte)_anchor);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private MLImage Resize(MLImage image)
    {
        if ((image.Width, image.Height) == (Type.Width, Type.Height)) return image;
        var resized = image.Resize(Type.Width, Type.Height, _kind, _anchor);
        resized.Tag = image.Tag;
        return resized;
    }

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImageResizingTransformer _owner;

        internal Mapper(DataViewSchema schema, ImageResizingTransformer owner) : base(schema, owner.ColumnPairs)
        {
            _owner = owner;
            foreach (var source in Sources) source.ImageType();
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. Names.Select(name => new DataViewSchema.DetachedColumn(name, _owner.Type))];

        public override Delegate CreateGetter(DataViewRow input, int added) => ImageColumns.Map(input, Sources[added], _owner.Resize);
    }
}
