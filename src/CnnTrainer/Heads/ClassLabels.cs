using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Heads;

/// <summary>
/// The classes in the order of the label's key: their values as invariant text, and the type ML.NET keeps them in, so that
/// MapKeyToValue("PredictedLabel") gives back what the label was.
/// </summary>
/// <param name="Type">Name of the value type, such as <c>text</c> or <c>single</c>; null where the key has no values.</param>
/// <param name="Values">One text a class.</param>
internal sealed record ClassLabels(string? Type, IReadOnlyList<string> Values)
{
    private const string KeyValues = ScoreAnnotations.KeyValues;
    private const int MostClasses = 1_000_000;
    private const long MostCharacters = 1L << 27;   // a JSON string is limited to 166 million

    private static readonly FrozenDictionary<string, KeyKind> Kinds = new KeyKind[]
    {
        new KeyKind<ReadOnlyMemory<char>>("text", TextDataViewType.Instance, text => text.AsMemory(), value => value.ToString()),
        new KeyKind<bool>("boolean", BooleanDataViewType.Instance, bool.Parse, value => value ? "True" : "False"),
        Number<sbyte>("sbyte", NumberDataViewType.SByte), Number<byte>("byte", NumberDataViewType.Byte),
        Number<short>("int16", NumberDataViewType.Int16), Number<ushort>("uint16", NumberDataViewType.UInt16),
        Number<int>("int32", NumberDataViewType.Int32), Number<uint>("uint32", NumberDataViewType.UInt32),
        Number<long>("int64", NumberDataViewType.Int64), Number<ulong>("uint64", NumberDataViewType.UInt64),
        Number<float>("single", NumberDataViewType.Single), Number<double>("double", NumberDataViewType.Double),
    }.ToFrozenDictionary(kind => kind.Name);

    [JsonIgnore]
    public int Count => Values.Count;

    /// <summary>The classes of a label column; a key without values gets the names 0, 1, 2 ...</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are too many, or they are of a type that cannot be saved.</exception>
    public static ClassLabels Of(DataViewSchema.Column label)
    {
        ulong count = ((KeyDataViewType)(label.Type is VectorDataViewType vector ? vector.ItemType : label.Type)).Count;
        if (count > MostClasses)
            throw Columns.Mismatch($"The label column '{label.Name}' has {count} classes; at most {MostClasses} are possible. Is it a row number or a hash?");
        var labels = Named(label, (int)count) ?? new ClassLabels(null, [.. Enumerable.Range(0, (int)count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        return labels.Error is { } error ? throw Columns.Mismatch($"The key values of the label column '{label.Name}' cannot be class names: {error}.") : labels;
    }

    /// <summary>What makes the names unfit to be saved and found again; null where nothing does.</summary>
    [JsonIgnore]
    public string? Error
    {
        get
        {
            if (Values.Count == 0) return "there is none";
            int missing = Values.ToList().FindIndex(value => value is null);
            if (missing >= 0) return $"number {missing + 1} is missing";
            if (Values.Sum(value => (long)value.Length) > MostCharacters) return $"together they have more than {MostCharacters} characters";
            int broken = Values.ToList().FindIndex(value => value.AsSpan().ContainsLoneSurrogate());
            if (broken >= 0) return $"number {broken + 1} is not valid UTF-16 text (half of a surrogate pair)";
            if (Values.GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) return $"'{twice.Key}' is there {twice.Count()} times";
            return Type is null || (Kinds.TryGetValue(Type, out var kind) && kind.CanParse(Values)) ? null : $"they are not of the type {Type}";
        }
    }

    /// <summary>Why rows with other classes cannot validate what learned these; null where they can.</summary>
    public string? Difference(ClassLabels validation) => validation.Type == Type && validation.Values.SequenceEqual(Values)
        ? null
        : $"The validation labels have the keys {string.Join(", ", validation.Values)}, but the training labels have {string.Join(", ", Values)}: " +
            "map both with one fitted MapValueToKey.";

    /// <summary>Adds the names in the label's own type; nothing where the key had no values.</summary>
    public void AddKeyValues(DataViewSchema.Annotations.Builder builder, string annotation)
    {
        if (Type is not null) Kinds[Type].Write(builder, annotation, Values);
    }

    /// <summary>Adds the names as text.</summary>
    public void AddSlotNames(DataViewSchema.Annotations.Builder builder) =>
        KeyKind<ReadOnlyMemory<char>>.Write(builder, ScoreAnnotations.SlotNames, TextDataViewType.Instance, [.. Values.Select(value => value.AsMemory())]);

    private static ClassLabels? Named(DataViewSchema.Column label, int count)
    {
        var annotation = label.Annotations.Schema.GetColumnOrNull(KeyValues);
        if (annotation?.Type is not VectorDataViewType vector || vector.Size != count) return null;
        var kind = Kinds.Values.FirstOrDefault(candidate => candidate.ItemType.Equals(vector.ItemType)) ?? throw Columns.Mismatch(
            $"The key values of the label column '{label.Name}' are {vector.ItemType}; text, Boolean and numbers can be saved: map the label to one of them first.");
        return new ClassLabels(kind.Name, kind.Read(label));
    }

    private static KeyKind<T> Number<T>(string name, PrimitiveDataViewType type) where T : INumber<T> => new(
        name, type, text => T.Parse(text, CultureInfo.InvariantCulture), value => value.ToString(null, CultureInfo.InvariantCulture));

    private abstract class KeyKind(string name, PrimitiveDataViewType itemType)
    {
        public string Name => name;
        public PrimitiveDataViewType ItemType => itemType;
        public abstract IReadOnlyList<string> Read(DataViewSchema.Column label);
        public abstract bool CanParse(IReadOnlyList<string> values);
        public abstract void Write(DataViewSchema.Annotations.Builder builder, string annotation, IReadOnlyList<string> values);
    }

    private sealed class KeyKind<T>(string name, PrimitiveDataViewType itemType, Func<string, T> parse, Func<T, string> format) : KeyKind(name, itemType)
    {
        public override IReadOnlyList<string> Read(DataViewSchema.Column label)
        {
            VBuffer<T> values = default;
            label.Annotations.GetValue(KeyValues, ref values);
            return [.. values.DenseValues().Select(format)];
        }

        public override bool CanParse(IReadOnlyList<string> values)
        {
            try
            {
                return values.Select(parse).Count() == values.Count;
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return false;
            }
        }

        public override void Write(DataViewSchema.Annotations.Builder builder, string annotation, IReadOnlyList<string> values) =>
            Write(builder, annotation, ItemType, [.. values.Select(parse)]);

        public static void Write(DataViewSchema.Annotations.Builder builder, string annotation, PrimitiveDataViewType type, T[] values)
        {
            var buffer = new VBuffer<T>(values.Length, values);
            builder.Add(annotation, new VectorDataViewType(type, values.Length), (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => buffer.CopyTo(ref value)));
        }
    }
}
