using System.Globalization;
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

    internal abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool text);

    internal abstract void Save(BinaryWriter writer);

    /// <summary>Reads a row's values; false when no more are wanted.</summary>
    protected abstract Func<bool> Learner(DataViewRow row, DataViewSchema.Column source, int maximum);

    protected abstract void Sort();

    protected abstract void Read(BinaryReader reader);

    internal static Terms Load(BinaryReader reader)
    {
        var type = TypeFormat.Read(reader);
        Check.Decode(type is PrimitiveDataViewType, "Terms cannot be vectors");
        var terms = Create((PrimitiveDataViewType)type);
        terms.Read(reader);
        return terms;
    }

    internal static void CheckType(DataViewSchema.Column source)
    {
        if (source.Type.GetItemType() is not PrimitiveDataViewType)
            throw Check.Mismatch(source.Name, "standard type or a vector of standard type", $"{source.Type}");
    }

    internal static Terms[] Learn(IChannel channel, IDataView data, (string Output, string Input)[] columns,
        ValueToKeyMappingEstimator.Options options, IDataView? keyData)
    {
        var sources = columns.Select(pair => Check.Find(data.Schema, pair.Input)).ToArray();
        foreach (var source in sources) CheckType(source);
        if (keyData is not null) return FromKeyData(channel, columns, sources, options, keyData);
        Check.Parameter(options.Maximum > 0, "MaxNumTerms", "Must be positive");
        var terms = sources.Select(s => Create((PrimitiveDataViewType)s.Type.GetItemType())).ToArray();
        using (var cursor = data.GetRowCursor(sources))
            Learn(cursor, [.. terms.Select((t, i) => t.Learner(cursor, sources[i], options.Maximum))]);
        for (int i = 0; i < terms.Length; i++)
        {
            if (terms[i].Count == 0) channel.Warning(MessageSensitivity.Schema, "Term map for output column '{0}' contains no entries.", columns[i].Output);
            if (options.Order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue) terms[i].Sort();
        }
        return terms;
    }

    private static Terms[] FromKeyData(IChannel channel, (string Output, string Input)[] columns, DataViewSchema.Column[] sources,
        ValueToKeyMappingEstimator.Options options, IDataView keyData)
    {
        var (column, first) = (keyData.Schema[0], sources[0].Type.GetItemType());
        if (!column.Type.Equals(first))
            throw new ArgumentOutOfRangeException(nameof(keyData), $"Input data's column must be of type '{first}' but was '{column.Type}'");
        var terms = Create((PrimitiveDataViewType)column.Type);
        using (var cursor = keyData.GetRowCursor(column)) Learn(cursor, [terms.Learner(cursor, column, int.MaxValue)]);
        if (terms.Count == 0) channel.Warning(MessageSensitivity.None, "Map from the term data resulted in an empty map.");
        if (options.Order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue) terms.Sort();
        for (int i = 0; i < sources.Length; i++)
            if (sources[i].Type.GetItemType() is var item && !item.Equals(terms.ItemType))
                throw new ArgumentOutOfRangeException(nameof(keyData),
                    $"Terms from input data type '{terms.ItemType}' but mismatches column '{columns[i].Output}' item type '{item}'");
        return [.. columns.Select(_ => terms)];
    }

    private static void Learn(DataViewRowCursor cursor, List<Func<bool>> learners)
    {
        while (learners.Count > 0 && cursor.MoveNext()) learners.RemoveAll(learn => !learn());
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
        if (source.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<T>(source);
            T value = default!;
            return () =>
            {
                get(ref value);
                return !TryAdd(value) || Count < maximum;
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(source);
        VBuffer<T> vector = default;
        return () =>
        {
            getVector(ref vector);
            foreach (var value in vector.DenseValues())
                if (TryAdd(value) && Count >= maximum) return false;
            return true;
        };
    }

    internal sealed override Delegate Getter(DataViewRow row, DataViewSchema.Column source) =>
        Getters.Map<T, uint>(row, source, Find, keepsZero: Find(default!) == 0);

    internal sealed override void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool text)
    {
        if (Count == 0) return;
        if (ItemType is KeyDataViewType key
            && source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType names
            && (ulong)names.Size == key.Count)
            Getters.Call(typeof(Terms<T>), nameof(AddNames), [names.ItemType.RawType], builder, source, names.ItemType, Values, text);
        else
            Add(builder, ItemType, [.. Values], text);
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
            Check.Decode(TryAdd(ValueFormat.Read<T>(reader)), "A term is missing or there twice");
    }

    // Keys of keys are named by what the input's keys stand for.
    private static DataViewSchema.Annotations.Builder AddNames<TName>(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source,
        PrimitiveDataViewType type, List<T> keys, bool text)
    {
        VBuffer<TName> names = default;
        source.GetKeyValues(ref names);
        var index = Keys.ToIndex<T>();
        Add<TName>(builder, type, [.. keys.Select(key => names.GetItemOrDefault((int)index(key)))], text);
        return builder;
    }

    private static void Add<TValue>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType type, TValue[] values, bool text)
    {
        const string Kind = AnnotationUtils.Kinds.KeyValues;
        if (text && type is not TextDataViewType) builder.AddVector(Kind, TextDataViewType.Instance, Array.ConvertAll(values, v => AsText(v, type)));
        else builder.AddVector(Kind, type, values);
    }

    private static ReadOnlyMemory<char> AsText<TValue>(TValue value, PrimitiveDataViewType type) => (value switch
    {
        bool b => b ? "1" : "0",
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        double d => d.ToString("G17", CultureInfo.InvariantCulture),
        TimeSpan t => t.ToString("c", CultureInfo.InvariantCulture),
        DateTime t => t.ToString("o", CultureInfo.InvariantCulture),
        DateTimeOffset t => t.ToString("o", CultureInfo.InvariantCulture),
        _ when type is KeyDataViewType => (Convert.ToUInt64(value, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    }).AsMemory();
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
    private readonly bool _isKey = itemType is KeyDataViewType;

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

    private bool IsMissing(T value) => value switch
    {
        float f => float.IsNaN(f),
        double d => double.IsNaN(d),
        _ => _isKey && EqualityComparer<T>.Default.Equals(value, default),
    };
}
