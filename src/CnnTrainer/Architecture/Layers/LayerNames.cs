namespace CnnMlNet;

/// <summary>The rules of layer names and lists of layers.</summary>
internal static class LayerNames
{
    public static bool IsValid(string name) => name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The part of a path that stands for a layer of a list.</summary>
    public static string Of(Layer layer, int place) => layer.Name ?? place.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A copy of a list whose layers are all there, in range and told apart by their names.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static IReadOnlyList<Layer> Checked(IReadOnlyList<Layer>? layers, string what)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException($"{what} needs at least one layer.", nameof(layers));
        if (layers.Any(layer => layer is null)) throw new ArgumentException($"A layer of {what} is null.", nameof(layers));
        var twice = layers.Where(layer => layer.Name is not null).GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"Two layers of {what} have the name '{twice.Key}'.", nameof(layers));
        return [.. layers.Select(layer => layer.Checked())];
    }
}
