using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Says how the lines of a text file become rows.</summary>
public sealed class TextLoader
{
    private TextLoader() { }

    /// <summary>The columns of a row class, whose members say the fields.</summary>
    internal static Column[] ColumnsOf(Type rowType)
    {
        var members = SchemaDefinition.Members(rowType, SchemaDefinition.Direction.Read).ToList();
        Check.Parameter(members.Count > 0, "TInput", $"{rowType} has no public field or property that can be read.");
        return [.. members.Select(Of)];

        static Column Of(MemberInfo member)
        {
            var fields = member.GetCustomAttribute<LoadColumnAttribute>()
                ?? throw new InvalidOperationException($"{member.Name} does not say which fields it is read from: put [LoadColumn] on it.");
            if (member.GetCustomAttribute<KeyTypeAttribute>() is not null)
                throw new NotSupportedException($"{member.Name} is a key, which is not read from text here: read it as a number or text and append MapValueToKey.");
            var (item, _) = ItemTypes.Known(member.Name, SchemaDefinition.ValueType(member));
            return new Column { Name = SchemaDefinition.NameOf(member), DataKind = FieldParser.KindOf(item), Source = fields.Sources };
        }
    }

    /// <summary>A column and the fields that it is read from; of several, or of a range, a vector.</summary>
    public sealed class Column
    {
        public string Name = "";

        public Range[] Source = [];

        public Column() { }

        public Column(string name, DataKind dataKind, int index) => (Name, DataKind, Source) = (Check.NotNull(name), dataKind, [new(index)]);

        public Column(string name, DataKind dataKind, int minIndex, int maxIndex) =>
            (Name, DataKind, Source) = (Check.NotNull(name), dataKind, [new(minIndex, maxIndex)]);

        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    /// <summary>Fields that follow one another, counting from 0, the last included.</summary>
    public sealed class Range
    {
        public int Min;

        public int? Max;

        public bool ForceVector;

        public Range() { }

        public Range(int index) : this(index, index) => ForceVector = false;

        public Range(int min, int? max)
        {
            Check.Parameter(min >= 0, nameof(min), "A field's index cannot be negative.");
            Check.Parameter(max is null || max >= min, nameof(max), "A range cannot end before it begins.");
            (Min, Max, ForceVector) = (min, max, true);
        }
    }
}
