using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(ColumnCopyingTransformer), typeof(ColumnCopyingTransformer), null,
    typeof(SignatureLoadModel), "Copy", "CopyTransform")]

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns with their annotations.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(params (string Output, string Input)[] columns) : base(new(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        return new SchemaShape.Column(pair.Output, source.Kind, source.ItemType, source.IsKey, source.Annotations);
    }));
}

/// <summary>Copies columns with their annotations.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal ColumnCopyingTransformer((string Output, string Input)[] columns) : base(columns) { }

    private ColumnCopyingTransformer(ModelLoadContext ctx) : base(ctx) { }

    private static VersionInfo Version =>
        new("COPYCOLT", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnCopyingTransformer).Assembly.FullName!, "CopyTransform");

    private static ColumnCopyingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
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
            [.. Sources.Select((source, i) => new DataViewSchema.DetachedColumn(Names[i], source.Type, source.Annotations))];

        public override Delegate CreateGetter(DataViewRow input, int added) => input.GetGetter(Sources[added]);
    }
}
