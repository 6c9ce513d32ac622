using CnnMlNet.Heads;
using CnnMlNet.Images;

namespace CnnMlNet.Persistence.Format;

/// <summary>What a model is, beside its weights.</summary>
/// <param name="Architecture">The layers.</param>
/// <param name="Format">How images come.</param>
/// <param name="Transform">What is done to their values.</param>
/// <param name="Head">What the outputs mean.</param>
/// <param name="FeatureColumn">The column with the images.</param>
/// <param name="Outputs">The columns added.</param>
/// <param name="History">How it was trained; null where a file has no history that this version can read.</param>
/// <param name="Aside">Optional chunks of a file that this version does not know, to be written again.</param>
internal sealed record ModelContent(
    CnnArchitecture Architecture, PixelFormat Format, PixelTransform Transform, BoundHead Head, string FeatureColumn, OutputColumns Outputs,
    TrainingHistory? History, IReadOnlyList<Chunk> Aside)
{
    public IReadOnlyList<PlannedLayer> Plan() => Architecture.Plan(Format.Shape, Head.Outputs);
}
