namespace CnnMlNet;

public sealed partial class CnnArchitecture
{
    /// <summary>The paths of all layers, each before those within it.</summary>
    internal IEnumerable<string> Paths() => Paths(Layers, "");

    /// <summary>The path of the layer whose output <c>Layer.Output()</c> reads; null where that is the image.</summary>
    internal static string? Penultimate(IReadOnlyList<Layer> layers)
    {
        string? before = null;
        var prefix = "";
        while (true)
        {
            if (layers.Count > 1) before = prefix + LayerNames.Of(layers[^2], layers.Count - 2);
            if (layers[^1] is not SequenceLayer sequence) return before;
            prefix += LayerNames.Of(sequence, layers.Count - 1) + ".";
            layers = sequence.Layers;
        }
    }

    private static IEnumerable<string> Paths(IReadOnlyList<Layer> layers, string prefix) => layers.SelectMany((layer, place) =>
    {
        var path = prefix + LayerNames.Of(layer, place);
        return layer.Branches.SelectMany(branch => Paths(branch.Layers, Within(path, branch.Name))).Prepend(path);
    });

    /// <summary>The beginning of the paths of a branch's layers.</summary>
    private static string Within(string path, string branch) => branch == "" ? path + "." : $"{path}.{branch}.";
}
