using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(KeyToValueMappingTransformer), typeof(KeyToValueMappingTransformer), null,
    typeof(SignatureLoadModel), "KeyToValue", "KeyToValueTransform")]

namespace Microsoft.ML.Transforms;

/// <summary>Replaces keys by the values that their column's annotation names.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(string outputColumnName, string? inputColumnName)
        : base(new([(Check.NotEmpty(outputColumnName), inputColumnName ?? outputColumnName)]))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (!source.IsKey) throw Check.Mismatch(pair.Input, "a key", source.GetTypeString());
        return source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values)
            ? new SchemaShape.Column(pair.Output, source.Kind, values.ItemType, values.IsKey)
            : throw new ArgumentOutOfRangeException(nameof(inputSchema), KeyToValueMappingTransformer.NoValues(pair.Input));
    }));
}

/// <summary>Replaces keys by the values that their column's annotation names; a missing key becomes empty, NaN or zero.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal KeyToValueMappingTransformer((string Output, string Input)[] columns) : base(columns) { }

    private KeyToValueMappingTransformer(ModelLoadContext ctx) : base(ctx) { }

    internal static string NoValues(string column) =>
        $"The keys of column '{column}' stand for no values: it has no {AnnotationUtils.Kinds.KeyValues} annotation, as MapValueToKey makes it.";

    private static VersionInfo Version =>
        new("KEY2VALT", 0x00010001, 0x00010001, 0x00010001, typeof(KeyToValueMappingTransformer).Assembly.FullName!, "KeyToValueTransform");

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
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

    private sealed class Mapper : OneToOneMapper
    {
        private readonly (DataViewType Type, Func<DataViewRow, Delegate> Getter)[] _maps;

        internal Mapper(DataViewSchema schema, (string, string)[] pairs) : base(schema, pairs) => _maps = [.. Sources.Select(MapOf)];

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. _maps.Select((map, i) => new DataViewSchema.DetachedColumn(Names[i], map.Type))];

        public override Delegate CreateGetter(DataViewRow input, int added) => _maps[added].Getter(input);

        private static (DataViewType, Func<DataViewRow, Delegate>) MapOf(DataViewSchema.Column source)
        {
            var values = source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
            Check.State(values is not null, NoValues(source.Name));
            var key = source.Type.GetItemType();
            Check.State((ulong)values.Size == key.GetKeyCount(),
                $"Column '{source.Name}' has {key.GetKeyCount()} keys, but its annotation names {values.Size} values.");
            return (source.Type.WithItems(values.ItemType),
                (Func<DataViewRow, Delegate>)ReflectionUtils.Call(typeof(Mapper), nameof(Map), [key.RawType, values.ItemType.RawType], source));
        }

        private static Func<DataViewRow, Delegate> Map<TKey, TValue>(DataViewSchema.Column source)
        {
            VBuffer<TValue> buffer = default;
            source.GetKeyValues(ref buffer);
            TValue[] values = [.. buffer.DenseValues()];
            var missing = typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN
                : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN : default!;
            var index = Keys.ToIndex<TKey>();
            return row => Getters.MapEach<TKey, TValue>(row, source, key => index(key) is var i && i < (ulong)values.Length ? values[i] : missing);
        }
    }
}
