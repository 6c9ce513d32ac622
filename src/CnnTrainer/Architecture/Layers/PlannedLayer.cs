using System.Globalization;

namespace CnnMlNet;

/// <summary>A layer in its place in an architecture: sizes and paths, no tensor yet.</summary>
internal sealed record PlannedLayer(
    Layer Layer, string Path, ActivationShape Input, ActivationShape Output, IReadOnlyList<Weight> Weights, IReadOnlyList<IReadOnlyList<PlannedLayer>> Branches)
{
    /// <summary>This layer and all within it, in order.</summary>
    public IEnumerable<PlannedLayer> Flatten() => Branches.SelectMany(branch => branch).SelectMany(inner => inner.Flatten()).Prepend(this);

    public string PathOf(string name) => Path + "." + name;

    /// <summary>How messages call it: <c>Layer 3 (BatchNorm)</c> by its place, counting from 1, or <c>Layer 'stem.1' (BatchNorm)</c>.</summary>
    public string Title => $"Layer {(int.TryParse(Path, CultureInfo.InvariantCulture, out int place) ? place + 1 : $"'{Path}'")} ({Layer.Description})";

    /// <summary>Paths of the weights that an optimizer moves.</summary>
    public static IReadOnlyList<string> Trained(IReadOnlyList<PlannedLayer> plan) =>
        [.. plan.SelectMany(top => top.Flatten()).SelectMany(layer => layer.Weights.Where(weight => weight.IsTrained).Select(weight => layer.PathOf(weight.Name)))];
}
