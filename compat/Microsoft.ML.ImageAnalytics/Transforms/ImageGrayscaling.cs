using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass("", typeof(ImageGrayscalingTransformer), typeof(ImageGrayscalingTransformer), null,
    typeof(SignatureLoadModel), "Image Greyscale", "ImageGrayscaleTransform")]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Takes the colours out of images.</summary>
public sealed class ImageGrayscalingEstimator : TrivialEstimator<ImageGrayscalingTransformer>
{
    internal ImageGrayscalingEstimator(ImageGrayscalingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = inputSchema.FindImage(pair.Input);
        return new SchemaShape.Column(pair.Output, source.Kind, source.ItemType, false, source.Annotations);
    }));
}

/// <summary>Takes the colours out of images: 30 % red, 59 % green, 11 % blue.</summary>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal ImageGrayscalingTransformer((string Output, string Input)[] columns) : base(columns) { }

    private ImageGrayscalingTransformer(ModelLoadContext ctx) : base(ctx) { }

    private static VersionInfo Version =>
        new("IMGGRAYT", 0x00010001, 0x00010001, 0x00010001, typeof(ImageGrayscalingTransformer).Assembly.FullName!, "ImageGrayscaleTransform");

    private static ImageGrayscalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs);

    private sealed class Mapper(DataViewSchema schema, (string, string)[] pairs) : OneToOneMapper(schema, pairs)
    {
        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. Sources.Select((source, i) => new DataViewSchema.DetachedColumn(Names[i], source.ImageType()))];

        public override Delegate CreateGetter(DataViewRow input, int added) => ImageColumns.Map(input, Sources[added], image =>
        {
            var grey = image.Grey();
            grey.Tag = image.Tag;
            return grey;
        });
    }
}
