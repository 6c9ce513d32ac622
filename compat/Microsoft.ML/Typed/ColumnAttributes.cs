namespace Microsoft.ML.Data;

/// <summary>Gives the column of a member another name.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    internal string Name { get; } = name;
}

/// <summary>Gives a vector member its size or dimensions.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute(int size) => Dimensions = [NotNegative(size, nameof(size))];

    public VectorTypeAttribute(params int[] dimensions) =>
        Dimensions = [.. dimensions.Select(d => NotNegative(d, nameof(dimensions)))];

    internal int[] Dimensions { get; }

    private static int NotNegative(int value, string name) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, "A vector's size cannot be negative");
}

/// <summary>Makes an unsigned integer member a key: values 0 .. count-1, stored as 1 .. count.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}
