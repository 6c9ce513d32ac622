using Microsoft.ML;

namespace CnnMlNet.Tests.Heads;

/// <summary>What columns say of themselves.</summary>
internal static class Annotations
{
    public static string Text(DataViewSchema.Column column, string name)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(name, ref value);
        return value.ToString();
    }

    public static uint Set(DataViewSchema.Column column)
    {
        uint value = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }

    public static void AssertSame(SchemaShape expected, SchemaShape actual) => CollectionAssert.AreEquivalent(Lines(expected), Lines(actual));

    private static string[] Lines(SchemaShape shape) => [.. shape.Select(column =>
        $"{column.Name}: {column.Kind} of {column.ItemType}{(column.IsKey ? ", key" : "")}; {string.Join("; ", Lines(column.Annotations).Order(StringComparer.Ordinal))}")];
}
