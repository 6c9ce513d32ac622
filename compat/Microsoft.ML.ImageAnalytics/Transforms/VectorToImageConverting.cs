using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass("", typeof(VectorToImageConvertingTransformer), typeof(VectorToImageConvertingTransformer), null,
    typeof(SignatureLoadModel), "Vector To Image", "VectorToImageConverter")]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Turns vectors of numbers into images.</summary>
public sealed class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    internal VectorToImageConvertingEstimator(VectorToImageConvertingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        return source.Kind == SchemaShape.Column.VectorKind.Vector && VectorToImageConvertingTransformer.Takes(source.ItemType)
            ? new SchemaShape.Column(pair.Output, SchemaShape.Column.VectorKind.Scalar, Transformer.Type, false)
            : throw Check.Mismatch(pair.Input, "a vector of a known size, of Single, Double or Byte", source.GetTypeString());
    }));
}

/// <summary>Turns vectors of numbers into images, number * scale - offset; an empty vector stands for no image.</summary>
public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    private readonly ColorLayout _layout;

    internal VectorToImageConvertingTransformer((string Output, string Input)[] columns, int imageHeight, int imageWidth, ColorLayout layout) : base(columns)
    {
        Check.Parameter(imageHeight > 0, nameof(imageHeight), "An image is 1 pixel high or more.");
        Check.Parameter(imageWidth > 0, nameof(imageWidth), "An image is 1 pixel wide or more.");
        (Type, _layout) = (new(imageHeight, imageWidth), layout);
    }

    private VectorToImageConvertingTransformer(ModelLoadContext ctx) : base(ctx)
    {
        _layout = ColorLayout.Read(ctx.Reader);
        var (width, height) = (ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32());
        Check.Decode(width > 0 && height > 0 && (long)width * height <= int.MaxValue / 4, "A damaged model: the size of images is none.");
        Type = new(height, width);
    }

    internal ImageDataViewType Type { get; }

    private static VersionInfo Version => new("VECTOIMG", 0x00010003, 0x00010002, 0x00010002,
        typeof(VectorToImageConvertingTransformer).Assembly.FullName!, "VectorToImageConverter");

    internal static bool Takes(DataViewType item) =>
        item.Equals(NumberDataViewType.Single) || item.Equals(NumberDataViewType.Double) || item.Equals(NumberDataViewType.Byte);

    private static VectorToImageConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        _layout.Write(ctx.Writer);
        ctx.Writer.Write(Type.Width);
        ctx.Writer.Write(Type.Height);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly VectorToImageConvertingTransformer _owner;

        internal Mapper(DataViewSchema schema, VectorToImageConvertingTransformer owner) : base(schema, owner.ColumnPairs)
        {
            _owner = owner;
            int size = owner._layout.Sequence.Length * owner.Type.Height * owner.Type.Width;
            foreach (var source in Sources)
                if (source.Type is not VectorDataViewType vector || vector.Size != size || !Takes(vector.ItemType))
                    throw Check.Mismatch(source.Name, $"a vector of {size} Single, Double or Byte", $"{source.Type}");
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. Names.Select(name => new DataViewSchema.DetachedColumn(name, _owner.Type))];

        public override Delegate CreateGetter(DataViewRow input, int added)
        {
            var item = Sources[added].Type.GetItemType();
            return item.Equals(NumberDataViewType.Byte) ? Getter<byte>(input, Sources[added], value => value, scales: false)
                : item.Equals(NumberDataViewType.Single) ? Getter<float>(input, Sources[added], value => value, _owner._layout.IsScaled)
                : Getter<double>(input, Sources[added], value => (float)value, _owner._layout.IsScaled);
        }

        private ValueGetter<MLImage> Getter<T>(DataViewRow input, DataViewSchema.Column source, Func<T, float> number, bool scales)
        {
            var get = input.GetGetter<VBuffer<T>>(source);
            VBuffer<T> vector = default;
            T[] values = [];
            return (ref to) =>
            {
                get(ref vector);
                to = null!;
                if (vector.GetValues().Length == 0) return;
                if (values.Length != vector.Length) values = new T[vector.Length];
                vector.CopyTo(values);
                to = Draw(values, number, scales);
            };
        }

        // As published: unscaled numbers are cut, scaled ones rounded, and the alpha of scaled ones is 0 unless they bring it.
        private MLImage Draw<T>(T[] values, Func<T, float> number, bool scales)
        {
            var (layout, type) = (_owner._layout, _owner.Type);
            var image = new MLImage(type.Width, type.Height, MLPixelFormat.Bgra32) { Tag = nameof(VectorToImageConvertingTransformer) };
            var bytes = image.Writable;
            for (int i = 0; i < bytes.Length; i++) bytes[i] = i % 4 < 3 || scales ? Cut(scales && i % 4 < 3 ? Math.Round(-layout.Offset) : 0) : byte.MaxValue;
            for (int colour = 0; colour < layout.Sequence.Length; colour++)
            {
                int byteOfColour = ColorLayout.Byte(layout.Sequence[colour], image.RedIndex);
                var (at, step) = layout.Positions(colour, type.Width * type.Height);
                for (int to = byteOfColour; to < bytes.Length; to += 4, at += step)
                    bytes[to] = scales ? Cut(Math.Round(number(values[at]) * layout.Scale - layout.Offset)) : (byte)number(values[at]);
            }
            return image;

            static byte Cut(double value) => (byte)value;
        }
    }
}
