using CnnMlNet.Rows;

namespace CnnMlNet.Scoring;

/// <summary>The rules of names that columns get.</summary>
internal static class ColumnNames
{
    /// <summary>What is wrong with names, one sentence each.</summary>
    /// <param name="names">Each with the option that says it.</param>
    public static IEnumerable<string> Errors(IReadOnlyList<(string Option, string Name)> names)
    {
        foreach (var (option, name) in names)
        {
            if (string.IsNullOrWhiteSpace(name)) yield return $"{option} is empty.";
            else if (name.AsSpan().ContainsLoneSurrogate()) yield return $"{option} is not valid UTF-16 text (half of a surrogate pair).";
        }

        foreach (var same in names.Where(pair => !string.IsNullOrWhiteSpace(pair.Name)).GroupBy(pair => pair.Name).Where(group => group.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(pair => pair.Option))} are both '{same.Key}'.";
    }
}
