using CnnMlNet.Heads;
using CnnMlNet.Images;

namespace CnnMlNet.Scoring;

/// <summary>What scoring needs of a trained network. Shared by all scorers; never changes.</summary>
/// <param name="Network">In eval mode.</param>
/// <param name="Format">How images come.</param>
/// <param name="Transform">What is done to their values.</param>
/// <param name="Head">What the outputs mean.</param>
/// <param name="Options">What is made beside the head's columns.</param>
/// <param name="CheckAlive">Throws where the network was disposed.</param>
internal sealed record ScoringModel(Network Network, PixelFormat Format, PixelTransform Transform, BoundHead Head, ScoringOptions Options, Action CheckAlive)
{
    /// <summary>What the network computes with: never <see cref="Precision.Automatic"/> once it is used.</summary>
    public Precision Precision { get; init; } = Options.Precision;

    private readonly long _valuesPerRow = Scorer.ValuesPerRow(Network.Plan);

    /// <summary>Multiplications of one image.</summary>
    public double MultiplyAdds { get; } = Network.Plan.SelectMany(layer => layer.Flatten()).Where(layer => layer.Branches.Count == 0).Sum(layer => (double)layer.Layer.MultiplyAddsFor(layer.Input));

    /// <summary>The columns beside the head's.</summary>
    public IReadOnlyList<ScoredColumn> Extra { get; } = [.. Options.Extra.SelectMany(column => column.Bind(Head, Network.Plan))];

    /// <summary>How each image is looked at.</summary>
    public IReadOnlyList<ImageView> Views { get; } = Options.Augmentation.Views();

    /// <summary>Values of one image that are held at a time while it is scored for some parts.</summary>
    public long ValuesPerRow(IReadOnlyCollection<ScoredPart> parts)
    {
        long views = Views.Count;
        long kept = parts.Sum(part => part.Size * (1 + (views == 1 ? 1 : 2 * views)));   // of each view, once more side by side for the mean, and as numbers
        return _valuesPerRow + kept + parts.Where(part => part.Kind == PartKind.GradCam).Select(AfterLayer).DefaultIfEmpty().Max() + (views == 1 ? 0 : 2 * Format.Shape.Size);
    }

    /// <summary>Values that wait for the backward pass: what the layer and all after it give.</summary>
    private long AfterLayer(ScoredPart part) =>
        Network.Plan.SelectMany(layer => layer.Flatten()).SkipWhile(layer => layer.Path != part.Path).Sum(layer => layer.Output.Size);
}
