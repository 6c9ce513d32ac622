using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(NormalizingTransformer), typeof(NormalizingTransformer), null,
    typeof(SignatureLoadModel), "Normalizer", "Normalizer")]

namespace Microsoft.ML.Transforms;

/// <summary>Learns the mean and variance of columns in one pass.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly (string Output, string Input)[] _columns;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero, _useCdf;

    internal NormalizingEstimator((string, string)[] columns, long maximumExampleCount, bool fixZero, bool useCdf)
    {
        Check.Parameter(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        (_columns, _maximumExampleCount, _fixZero, _useCdf) = (columns, maximumExampleCount, fixZero, useCdf);
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        var sources = _columns.Select(pair => Check.Find(Check.NotNull(input).Schema, pair.Input, "data")).ToArray();
        foreach (var source in sources) NormalizingTransformer.CheckType(source.Name, source.Type);
        using var cursor = input.GetRowCursor(sources);
        var learners = sources.Select(source => MeanVariance.Create(cursor, source)).ToArray();
        for (long row = 0; row < _maximumExampleCount && cursor.MoveNext(); row++)
            foreach (var learner in learners) learner.AddRow();
        return new(_columns, [.. learners.Select(learner => learner.Finish(_fixZero, _useCdf))]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(_columns.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (source.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw Check.Mismatch(pair.Input, "known-size vector or scalar", source.GetTypeString());
        if (!NormalizingTransformer.CanScale(source.ItemType))
            throw Check.Mismatch(pair.Input, "vector or scalar of Single or Double", source.GetTypeString());
        var normalized = new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);
        return new SchemaShape.Column(pair.Output, source.Kind, source.ItemType, source.IsKey, new([normalized, .. source.SlotNames()]));
    }));
}

/// <summary>Scales columns by what was learned.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    private readonly NormalizerFunction[] _functions;

    internal NormalizingTransformer((string, string)[] columns, NormalizerFunction[] functions) : base(columns) => _functions = functions;

    private NormalizingTransformer(ModelLoadContext ctx) : base(ctx) =>
        _functions = [.. ColumnPairs.Select(_ => NormalizerFunction.Load(ctx.Reader))];

    internal static bool CanScale(DataViewType item) => item == NumberDataViewType.Single || item == NumberDataViewType.Double;

    internal static void CheckType(string column, DataViewType type)
    {
        const string Expected = "scalar or known-size vector of Single";
        if (type is VectorDataViewType { IsKnownSize: false }) throw Check.Mismatch(column, Expected, "variable-size vector");
        if (!CanScale(type.GetItemType())) throw Check.Mismatch(column, Expected, $"{type}");
    }

    private static VersionInfo Version =>
        new("NORMALZR", 0x00010001, 0x00010001, 0x00010001, typeof(NormalizingTransformer).Assembly.FullName!, "Normalizer");

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        return new(ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var function in _functions) function.Save(ctx.Writer);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, this);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly NormalizerFunction[] _functions;

        internal Mapper(DataViewSchema schema, NormalizingTransformer parent) : base(schema, parent.ColumnPairs)
        {
            _functions = parent._functions;
            foreach (var source in Sources) CheckType(source.Name, source.Type);
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. Sources.Select((source, i) =>
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            builder.Add(source.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
            return new DataViewSchema.DetachedColumn(Names[i], _functions[i].Type, builder.ToAnnotations());
        })];

        public override Delegate CreateGetter(DataViewRow input, int added) => _functions[added].Getter(input, Sources[added]);
    }
}
