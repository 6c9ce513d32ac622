using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(ValueToKeyMappingTransformer), typeof(ValueToKeyMappingTransformer), null,
    typeof(SignatureLoadModel), "Term", "TermTransform")]

namespace Microsoft.ML.Transforms;

/// <summary>Learns the distinct values of columns and numbers them.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly Options _options;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, Options options, IDataView? keyData)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        Check.Parameter(columns.Length > 0, nameof(columns), "columns cannot be null or empty");
        foreach (var (output, _) in columns)
            Check.Parameter(!string.IsNullOrWhiteSpace(output), "outputColumnName", "outputColumnName cannot be null or white space");
        Check.Parameter(keyData is null or { Schema.Count: 1 }, nameof(keyData),
            $"If specified, this data view should contain only a single column containing the terms to map, but this had {keyData?.Schema.Count} columns.");
        (_columns, _options, _keyData) = (columns, options, keyData);
    }

    /// <summary>Reads the data once.</summary>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        using var channel = _host.Start("Training");
        return new(_columns, Terms.Learn(channel, Check.NotNull(input), _columns, _options, _keyData), _options.Text);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(_columns.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (source.ItemType is not PrimitiveDataViewType) throw Check.Missing(pair.Input);
        var values = source.IsKey && source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var known)
            && known.Kind == SchemaShape.Column.VectorKind.Vector ? known
            : new(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _options.Text ? TextDataViewType.Instance : source.ItemType, source.IsKey);
        return new SchemaShape.Column(pair.Output, source.Kind, NumberDataViewType.UInt32, true, new([.. source.SlotNames(), values]));
    }));

    internal readonly record struct Options(int Maximum, KeyOrdinality Order, bool Text);

    /// <summary>Which value is number 1: the first one seen, or the smallest.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }
}

/// <summary>Numbers values; one that was not seen in training is missing (0).</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    private readonly Terms[] _terms;
    private readonly bool _text;

    internal ValueToKeyMappingTransformer((string Output, string Input)[] columns, Terms[] terms, bool text) : base(columns) =>
        (_terms, _text) = (terms, text);

    private ValueToKeyMappingTransformer(ModelLoadContext ctx) : base(ctx)
    {
        _text = ctx.Reader.ReadBoolean();
        _terms = [.. ColumnPairs.Select(_ => Terms.Load(ctx.Reader))];
    }

    private static VersionInfo Version =>
        new("TERMTRNF", 0x00010001, 0x00010001, 0x00010001, typeof(ValueToKeyMappingTransformer).Assembly.FullName!, "TermTransform");

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_text);
        foreach (var terms in _terms) terms.Save(ctx.Writer);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ValueToKeyMappingTransformer _parent;

        internal Mapper(DataViewSchema schema, ValueToKeyMappingTransformer parent) : base(schema, parent.ColumnPairs)
        {
            _parent = parent;
            for (int i = 0; i < Sources.Length; i++)
            {
                Terms.CheckType(Sources[i]);
                var (expected, item) = (parent._terms[i].ItemType, Sources[i].Type.GetItemType());
                Check.State(item.Equals(expected), $"Could not apply a map over type '{expected}' to column '{Names[i]}' since it has type '{item}'");
            }
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. Sources.Select((source, i) =>
        {
            var terms = _parent._terms[i];
            var builder = new DataViewSchema.Annotations.Builder();
            terms.AddKeyValues(builder, source, _parent._text);
            builder.Add(source.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
            DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(terms.KeyType, vector.Dimensions) : terms.KeyType;
            return new DataViewSchema.DetachedColumn(Names[i], type, builder.ToAnnotations());
        })];

        public override Delegate CreateGetter(DataViewRow input, int added) => _parent._terms[added].Getter(input, Sources[added]);
    }
}
