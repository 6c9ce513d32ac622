using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass("", typeof(ImagePixelExtractingTransformer), typeof(ImagePixelExtractingTransformer), null,
    typeof(SignatureLoadModel), "Image Pixel Extractor", "ImagePixelExtractor")]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Turns images of one size into vectors of numbers.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(ImagePixelExtractingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        inputSchema.FindImage(pair.Input);
        return new SchemaShape.Column(pair.Output, SchemaShape.Column.VectorKind.Vector, Transformer.ItemType, false);
    }));

    /// <summary>Which of an image's colours; the values stand in model files.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 1,
        Red = 2,
        Green = 4,
        Blue = 8,
        Rgb = Red | Green | Blue,
        All = Alpha | Rgb,
    }

    /// <summary>How the colours of a pixel follow one another; the values stand in model files.</summary>
    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG,
        ABRG,
        ABGR,
        AGRB,
        AGBR,
    }
}

/// <summary>Turns images of one size into vectors of floats, (colour - offset) * scale, or of bytes.</summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    private readonly ColorLayout _layout;
    private readonly bool _asFloats;

    internal ImagePixelExtractingTransformer((string Output, string Input)[] columns, ColorLayout layout, bool asFloats) : base(columns) =>
        (_layout, _asFloats) = (layout, asFloats);

    private ImagePixelExtractingTransformer(ModelLoadContext ctx) : base(ctx) =>
        (_layout, _asFloats) = (ColorLayout.Read(ctx.Reader), ctx.Reader.ReadBoolean());

    internal NumberDataViewType ItemType => _asFloats ? NumberDataViewType.Single : NumberDataViewType.Byte;

    private static VersionInfo Version =>
        new("IMGPXEXT", 0x00010003, 0x00010002, 0x00010002, typeof(ImagePixelExtractingTransformer).Assembly.FullName!, "ImagePixelExtractor");

    private static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        _layout.Write(ctx.Writer);
        ctx.Writer.Write(_asFloats);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImagePixelExtractingTransformer _owner;
        private readonly VectorDataViewType[] _types;

        internal Mapper(DataViewSchema schema, ImagePixelExtractingTransformer owner) : base(schema, owner.ColumnPairs) =>
            (_owner, _types) = (owner, [.. Sources.Select(source => source.ImageType() is { Height: > 0 } image
                ? new VectorDataViewType(owner.ItemType, owner._layout.Dimensions(image.Height, image.Width))
                : throw Check.Mismatch(source.Name, "images of one size (ResizeImages makes them so)", "images of any size"))]);

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. Names.Select((name, i) => new DataViewSchema.DetachedColumn(name, _types[i]))];

        public override Delegate CreateGetter(DataViewRow input, int added)
        {
            var layout = _owner._layout;
            if (!_owner._asFloats) return Getter<byte>(input, Sources[added], (from, _) => from);
            return layout.IsScaled ? Getter<float>(input, Sources[added], (from, by) => (from - by.Offset) * by.Scale)
                : Getter<float>(input, Sources[added], (from, _) => from);
        }

        private ValueGetter<VBuffer<T>> Getter<T>(DataViewRow input, DataViewSchema.Column source, Func<byte, ColorLayout, T> convert) where T : struct
        {
            var get = input.GetGetter<MLImage>(source);
            var (layout, type) = (_owner._layout, source.ImageType());
            var values = new T[256];   // a colour has no more
            for (int i = 0; i < values.Length; i++) values[i] = convert((byte)i, layout);
            MLImage image = null!;
            return (ref to) =>
            {
                get(ref image);
                int pixels = type.Height * type.Width;
                if (image is null)
                {
                    to = VBufferEditor.Create(ref to, layout.Sequence.Length * pixels, 0).Commit();
                    return;
                }
                Check.State((image.Height, image.Width) == (type.Height, type.Width),
                    $"Column '{source.Name}' is {type}, but gave an image of {image.Height} x {image.Width} pixels.");
                var editor = VBufferEditor.Create(ref to, layout.Sequence.Length * pixels);
                for (int colour = 0; colour < layout.Sequence.Length; colour++)
                {
                    var bytes = image.Pixels[ColorLayout.Byte(layout.Sequence[colour], image.RedIndex)..];
                    var (start, step) = layout.Positions(colour, pixels);
                    for (int from = 0; from < bytes.Length; from += 4, start += step) editor.Values[start] = values[bytes[from]];
                }
                to = editor.Commit();
            };
        }
    }
}
