namespace CnnMlNet;

/// <summary>The rules of layer names and lists of layers.</summary>
internal static class LayerNames
{
    private const int MostCharacters = 64;

    public static bool IsValid(string name) => name.Length is > 0 and <= MostCharacters && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The part of a path that stands for a layer of a list.</summary>
    public static string Of(Layer layer, int place) => layer.Name ?? place.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A copy of a list whose layers are all there, in range and told apart by their names.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static IReadOnlyList<Layer> Checked(IReadOnlyList<Layer>? layers, string what)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException($"{what} needs at least one layer.", nameof(layers));
        int count = 0;
        CheckBounds(layers, what, 1, ref count);
        var twice = layers.Where(layer => layer.Name is not null).GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"{what} has two layers with the name '{twice.Key}'.", nameof(layers));
        return [.. layers.Select(layer => layer.Checked())];
    }

    /// <summary>Before anything else walks them: layers within layers end in each one's stack, and lists may be shared.</summary>
    private static void CheckBounds(IReadOnlyList<Layer> layers, string what, int level, ref int count)
    {
        if (level > Limits.MostLevels)
            throw new ArgumentException($"{what} has more than {Limits.MostLevels} levels of layers within layers (Sequence, Residual, Concat).", nameof(layers));
        if ((count += layers.Count) > Limits.MostLayers)
            throw new ArgumentException($"{what} can have at most {Limits.MostLayers} layers.", nameof(layers));
        foreach (var layer in layers)
        {
            if (layer is null) throw new ArgumentException($"{what} holds a layer that is null.", nameof(layers));
            foreach (var branch in layer.Branches)
            {
                if (branch.Layers is null) throw new ArgumentException($"{what} holds a layer that has null instead of layers.", nameof(layers));
                CheckBounds(branch.Layers, what, level + 1, ref count);
            }
        }
    }
}
