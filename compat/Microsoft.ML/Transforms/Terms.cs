using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The distinct values of a column, in the order of their keys.</summary>
internal abstract class Terms(PrimitiveDataViewType itemType)
{
    internal PrimitiveDataViewType ItemType => itemType;

    internal abstract int Count { get; }

    // A key type of no keys does not exist.
    internal KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, Count));

    internal abstract Delegate Getter(DataViewRow row, DataViewSchema.Column source);

    internal abstract DataViewSchema.Annotations KeyValues { get; }

    internal abstract void Save(BinaryWriter writer);

    /// <summary>Reads a row's values; false when no more are wanted.</summary>
    protected abstract Func<bool> Learner(DataViewRow row, DataViewSchema.Column source, int maximum);

    protected abstract void Sort();

    protected abstract void Read(BinaryReader reader);

    internal static Terms Load(BinaryReader reader)
    {
        var type = TypeFormat.Read(reader);
        Check.Decode(type is PrimitiveDataViewType, "A damaged model: the values behind keys are vectors");
        var terms = Create((PrimitiveDataViewType)type);
        terms.Read(reader);
        return terms;
    }

    internal static void CheckType(DataViewSchema.Column source)
    {
        if (source.Type.GetItemType() is not PrimitiveDataViewType) throw Check.Mismatch(source.Name, "text, a number or another plain value", $"{source.Type}");
        Check.InSubset(source.Type.GetItemType() is not KeyDataViewType, $"MapValueToKey for {source.Type} (column '{source.Name}')");
    }

    internal static Terms[] Learn(IChannel channel, IDataView data, (string Output, string Input)[] columns,
        int maximum, ValueToKeyMappingEstimator.KeyOrdinality order)
    {
        var sources = columns.Select(pair => Check.Find(data.Schema, pair.Input)).ToArray();
        foreach (var source in sources) CheckType(source);
        var terms = sources.Select(s => Create((PrimitiveDataViewType)s.Type.GetItemType())).ToArray();
        using (var cursor = data.GetRowCursor(sources))
        {
            var learners = terms.Select((t, i) => t.Learner(cursor, sources[i], maximum)).ToList();
            while (learners.Count > 0 && cursor.MoveNext()) learners.RemoveAll(learn => !learn());
        }
        for (int i = 0; i < terms.Length; i++)
        {
            if (terms[i].Count == 0) channel.Warning(MessageSensitivity.Schema,
                "Column '{0}' has no values to number: every key in '{1}' will be missing.", columns[i].Input, columns[i].Output);
            if (order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue) terms[i].Sort();
        }
        return terms;
    }

    private static Terms Create(PrimitiveDataViewType type) => type is TextDataViewType
        ? new TextTerms() : (Terms)Activator.CreateInstance(typeof(ValueTerms<>).MakeGenericType(type.RawType), type)!;
}

internal abstract class Terms<T>(PrimitiveDataViewType itemType) : Terms(itemType)
{
    protected List<T> Values { get; } = [];

    internal override int Count => Values.Count;

    /// <summary>The key of a value, 0 for a missing or unknown one.</summary>
    protected abstract uint Find(T value);

    /// <summary>Adds a value unless it is known or missing.</summary>
    protected abstract bool TryAdd(T value);

    protected sealed override Func<bool> Learner(DataViewRow row, DataViewSchema.Column source, int maximum)
    {
        if (source.Type is VectorDataViewType)
        {
            var getAll = row.GetGetter<VBuffer<T>>(source);
            VBuffer<T> values = default;
            return () =>
            {
                getAll(ref values);
                foreach (var one in values.DenseValues())
                {
                    if (TryAdd(one) && Count >= maximum) return false;
                }

                return true;
            };
        }

        var get = row.GetGetter<T>(source);
        T value = default!;
        return () =>
        {
            get(ref value);
            return !TryAdd(value) || Count < maximum;
        };
    }

    internal sealed override Delegate Getter(DataViewRow row, DataViewSchema.Column source) => Getters.MapEach<T, uint>(row, source, Find);

    internal sealed override DataViewSchema.Annotations KeyValues
    {
        get
        {
            var builder = new DataViewSchema.Annotations.Builder();
            if (Count > 0) builder.AddVector(AnnotationUtils.Kinds.KeyValues, ItemType, Values.ToArray());
            return builder.ToAnnotations();
        }
    }

    internal sealed override void Save(BinaryWriter writer)
    {
        TypeFormat.Write(writer, ItemType);
        writer.Write(Count);
        foreach (var value in Values) ValueFormat.Write(writer, value);
    }

    protected sealed override void Read(BinaryReader reader)
    {
        for (int count = reader.ReadCount(1); count > 0; count--)
            Check.Decode(TryAdd(ValueFormat.Read<T>(reader)), "A damaged model: a value behind the keys is missing or there twice");
    }
}

internal sealed class TextTerms() : Terms<ReadOnlyMemory<char>>(TextDataViewType.Instance)
{
    private readonly Dictionary<string, uint> _keys = [];

    protected override uint Find(ReadOnlyMemory<char> value) => _keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(value.Span, out uint key) ? key : 0;

    protected override bool TryAdd(ReadOnlyMemory<char> value)
    {
        if (value.IsEmpty || Find(value) != 0) return false;
        string text = value.ToString();
        Values.Add(text.AsMemory());
        _keys.Add(text, (uint)Count);
        return true;
    }

    protected override void Sort()
    {
        var texts = _keys.Keys.Order(StringComparer.Ordinal).ToArray();
        Values.Clear();
        _keys.Clear();
        foreach (string text in texts) TryAdd(text.AsMemory());
    }
}

internal sealed class ValueTerms<T>(PrimitiveDataViewType itemType) : Terms<T>(itemType) where T : notnull
{
    private readonly Dictionary<T, uint> _keys = [];

    protected override uint Find(T value) => _keys.GetValueOrDefault(value);

    protected override bool TryAdd(T value)
    {
        if (IsMissing(value) || !_keys.TryAdd(value, (uint)Count + 1)) return false;
        Values.Add(value);
        return true;
    }

    protected override void Sort()
    {
        var values = Values.Order().ToArray();
        Values.Clear();
        _keys.Clear();
        foreach (var value in values) TryAdd(value);
    }

    private static bool IsMissing(T value) => value is float.NaN or double.NaN;
}
