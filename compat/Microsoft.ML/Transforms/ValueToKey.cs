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
    private readonly int _maximum;
    private readonly KeyOrdinality _order;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, string outputColumnName, string? inputColumnName, int maximumNumberOfKeys,
        KeyOrdinality keyOrdinality)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        Check.NotEmpty(outputColumnName);
        Check.Parameter(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), "At least one key is needed.");
        (_columns, _maximum, _order) = ([(outputColumnName, inputColumnName ?? outputColumnName)], maximumNumberOfKeys, keyOrdinality);
    }

    /// <summary>Reads the data once.</summary>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        using var channel = _host.Start("Training");
        return new(_columns, Terms.Learn(channel, Check.NotNull(input), _columns, _maximum, _order));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(_columns.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (source.ItemType is not PrimitiveDataViewType) throw Check.Mismatch(pair.Input, "text, a number or another plain value", source.GetTypeString());
        var values = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, source.ItemType, source.IsKey);
        return new SchemaShape.Column(pair.Output, source.Kind, NumberDataViewType.UInt32, true, new([values]));
    }));

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

    internal ValueToKeyMappingTransformer((string Output, string Input)[] columns, Terms[] terms) : base(columns) => _terms = terms;

    private ValueToKeyMappingTransformer(ModelLoadContext ctx) : base(ctx) => _terms = [.. ColumnPairs.Select(_ => Terms.Load(ctx.Reader))];

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
        foreach (var terms in _terms) terms.Save(ctx.Writer);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly Terms[] _terms;

        internal Mapper(DataViewSchema schema, ValueToKeyMappingTransformer parent) : base(schema, parent.ColumnPairs)
        {
            _terms = parent._terms;
            for (int i = 0; i < Sources.Length; i++)
            {
                Terms.CheckType(Sources[i]);
                var (learned, given) = (_terms[i].ItemType, Sources[i].Type);
                Check.State(given.GetItemType().Equals(learned),
                    $"The keys of '{Names[i]}' were learned from {learned}, but column '{Sources[i].Name}' is {given} here: give the type that was fitted.");
            }
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. _terms.Select((terms, i) => new DataViewSchema.DetachedColumn(Names[i], Sources[i].Type.WithItems(terms.KeyType), terms.KeyValues))];

        public override Delegate CreateGetter(DataViewRow input, int added) => _terms[added].Getter(input, Sources[added]);
    }
}
