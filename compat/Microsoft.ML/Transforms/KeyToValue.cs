using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(KeyToValueMappingTransformer), typeof(KeyToValueMappingTransformer), null,
    typeof(SignatureLoadModel), "KeyToValue", "KeyToValueTransform")]

namespace Microsoft.ML.Transforms;

/// <summary>Replaces keys by the values that their column's annotation names.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator((string Output, string Input)[] columns) : base(new(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
    {
        var source = Check.Find(inputSchema, pair.Input);
        if (!source.IsKey) throw Check.Mismatch(pair.Input, "KeyType", source.GetTypeString());
        if (!source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Input column '{pair.Input}' doesn't contain key values metadata");
        var slotNames = source.HasSlotNames() ? new SchemaShape(source.SlotNames()) : null;
        return new SchemaShape.Column(pair.Output, source.Kind, values.ItemType, values.IsKey, slotNames);
    }));
}

/// <summary>Replaces keys by the values that their column's annotation names; a missing key becomes empty, NaN or zero.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal KeyToValueMappingTransformer((string Output, string Input)[] columns) : base(columns) { }

    private KeyToValueMappingTransformer(ModelLoadContext ctx) : base(ctx) { }

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
            [.. Sources.Select((source, i) => new DataViewSchema.DetachedColumn(Names[i], _maps[i].Type, SlotNamesOf(source)))];

        public override Delegate CreateGetter(DataViewRow input, int added) => _maps[added].Getter(input);

        private static (DataViewType, Func<DataViewRow, Delegate>) MapOf(DataViewSchema.Column source)
        {
            var type = source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
            Check.State(type is not null, "Metadata KeyValues does not exist");
            var key = source.Type.GetItemType();
            Check.State((ulong)type.Size == key.GetKeyCount(), "KeyValues metadata size does not match column type key count");
            DataViewType output = source.Type is VectorDataViewType vector ? new VectorDataViewType(type.ItemType, vector.Dimensions) : type.ItemType;
            return (output, (Func<DataViewRow, Delegate>)Getters.Call(typeof(Mapper), nameof(Map), [key.RawType, type.ItemType.RawType], source));
        }

        private static Func<DataViewRow, Delegate> Map<TKey, TValue>(DataViewSchema.Column source)
        {
            VBuffer<TValue> buffer = default;
            source.GetKeyValues(ref buffer);
            TValue[] values = [.. buffer.DenseValues()];
            var missing = typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN
                : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN : default!;
            var index = Keys.ToIndex<TKey>();
            bool keepsZero = EqualityComparer<TValue>.Default.Equals(missing, default);
            return row => Getters.Map<TKey, TValue>(row, source, key => index(key) is var i && i < (ulong)values.Length ? values[i] : missing, keepsZero);
        }
    }
}

internal static class Keys
{
    /// <summary>The index of a key, from 0; a missing key's is the largest number.</summary>
    internal static Func<TKey, ulong> ToIndex<TKey>() => (Func<TKey, ulong>)(Delegate)(default(TKey) switch
    {
        byte => (Func<byte, ulong>)(key => unchecked((ulong)key - 1)),
        ushort => (Func<ushort, ulong>)(key => unchecked((ulong)key - 1)),
        uint => (Func<uint, ulong>)(key => unchecked((ulong)key - 1)),
        ulong => (Func<ulong, ulong>)(key => unchecked(key - 1)),
        _ => throw new InvalidOperationException($"A {typeof(TKey)} is no key"),
    });
}
