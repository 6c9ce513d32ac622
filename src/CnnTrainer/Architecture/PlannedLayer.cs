namespace CnnMlNet;

/// <summary>A layer in its place in an architecture: sizes and paths, no tensor yet.</summary>
internal sealed record PlannedLayer(
    Layer Layer, string Path, ActivationShape Input, ActivationShape Output, IReadOnlyList<Weight> Weights, IReadOnlyList<IReadOnlyList<PlannedLayer>> Branches)
{
    /// <summary>This layer and all within it, in order.</summary>
    public IEnumerable<PlannedLayer> Flatten() => Branches.SelectMany(branch => branch).SelectMany(inner => inner.Flatten()).Prepend(this);

    public string PathOf(string name) => Path + "." + name;
}
