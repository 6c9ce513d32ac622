using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Data;

/// <summary>
/// The classes in the order of the label's key: their values as invariant text, and the type ML.NET keeps them in, so that
/// MapKeyToValue("PredictedLabel") gives back what the label was.
/// </summary>
/// <param name="Type">Name of the value type, such as <c>text</c> or <c>single</c>; null where the key has no values.</param>
/// <param name="Values">One text a class.</param>
internal sealed record ClassLabels(string? Type, IReadOnlyList<string> Values)
{
    private const string KeyValues = "KeyValues";

    private static readonly FrozenDictionary<string, Kind> Kinds = new Kind[]
    {
        new Kind<ReadOnlyMemory<char>>("text", TextDataViewType.Instance, text => text.AsMemory(), value => value.ToString()),
        new Kind<bool>("boolean", BooleanDataViewType.Instance, bool.Parse, value => value ? "True" : "False"),
        Number<sbyte>("sbyte", NumberDataViewType.SByte), Number<byte>("byte", NumberDataViewType.Byte),
        Number<short>("int16", NumberDataViewType.Int16), Number<ushort>("uint16", NumberDataViewType.UInt16),
        Number<int>("int32", NumberDataViewType.Int32), Number<uint>("uint32", NumberDataViewType.UInt32),
        Number<long>("int64", NumberDataViewType.Int64), Number<ulong>("uint64", NumberDataViewType.UInt64),
        Number<float>("single", NumberDataViewType.Single), Number<double>("double", NumberDataViewType.Double),
    }.ToFrozenDictionary(kind => kind.Name);

    [JsonIgnore]
    public int Count => Values.Count;

    /// <summary>The classes of a label column; a key without values gets the names 0, 1, 2 ...</summary>
    public static ClassLabels Of(DataViewSchema.Column label)
    {
        ulong count = ((KeyDataViewType)label.Type).Count;
        if (count > int.MaxValue) throw Columns.Mismatch($"The label column '{label.Name}' has {count} classes.");
        var annotation = label.Annotations.Schema.GetColumnOrNull(KeyValues);
        if (annotation?.Type is not VectorDataViewType vector)
            return new ClassLabels(null, [.. Enumerable.Range(0, (int)count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        var kind = Kinds.Values.FirstOrDefault(candidate => candidate.ItemType.Equals(vector.ItemType)) ?? throw Columns.Mismatch(
            $"The key values of the label column '{label.Name}' are {vector.ItemType}; text, Boolean and numbers can be saved: map the label to one of them first.");
        return new ClassLabels(kind.Name, kind.Read(label));
    }

    /// <summary>Whether every value can be read back as the type; asked of what comes from a file.</summary>
    [JsonIgnore]
    public bool IsValid => Values.All(value => value is not null) && (Type is null || (Kinds.TryGetValue(Type, out var kind) && kind.CanParse(Values)));

    /// <summary>The annotations of the predicted label.</summary>
    public DataViewSchema.Annotations KeyAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (Type is not null) Kinds[Type].Write(builder, Values);
        return builder.ToAnnotations();
    }

    /// <summary>The annotations of the scores.</summary>
    public DataViewSchema.Annotations SlotAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Kind<ReadOnlyMemory<char>>.Write(builder, "SlotNames", TextDataViewType.Instance, [.. Values.Select(value => value.AsMemory())]);
        return builder.ToAnnotations();
    }

    private static Kind<T> Number<T>(string name, PrimitiveDataViewType type) where T : INumber<T> => new(
        name, type, text => T.Parse(text, CultureInfo.InvariantCulture), value => value.ToString(null, CultureInfo.InvariantCulture));

    private abstract class Kind(string name, PrimitiveDataViewType itemType)
    {
        public string Name => name;
        public PrimitiveDataViewType ItemType => itemType;
        public abstract IReadOnlyList<string> Read(DataViewSchema.Column label);
        public abstract bool CanParse(IReadOnlyList<string> values);
        public abstract void Write(DataViewSchema.Annotations.Builder builder, IReadOnlyList<string> values);
    }

    private sealed class Kind<T>(string name, PrimitiveDataViewType itemType, Func<string, T> parse, Func<T, string> format) : Kind(name, itemType)
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

        public override void Write(DataViewSchema.Annotations.Builder builder, IReadOnlyList<string> values) =>
            Write(builder, KeyValues, ItemType, [.. values.Select(parse)]);

        public static void Write(DataViewSchema.Annotations.Builder builder, string annotation, PrimitiveDataViewType type, T[] values)
        {
            var buffer = new VBuffer<T>(values.Length, values);
            builder.Add(annotation, new VectorDataViewType(type, values.Length), (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => buffer.CopyTo(ref value)));
        }
    }
}
