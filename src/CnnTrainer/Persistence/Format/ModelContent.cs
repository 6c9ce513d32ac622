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
    /// <summary>This content, if options could have made it.</summary>
    /// <exception cref="ArgumentException">They could not.</exception>
    public ModelContent Checked()
    {
        Format.Shape.Check();
        int channels = Format.Shape.Channels;
        if (Transform.Scale.Count != channels || Transform.Shift.Count != channels || !Transform.Scale.Concat(Transform.Shift).All(float.IsFinite))
            throw new ArgumentException($"there are {Transform.Scale.Count} scales and {Transform.Shift.Count} shifts for {channels} channels, or one is not a finite number");
        string[] names = Head switch
        {
            Binary => [FeatureColumn, Outputs.Score, Outputs.Probability, Outputs.PredictedLabel],
            Regression => [FeatureColumn, Outputs.Score],
            _ => [FeatureColumn, Outputs.Score, Outputs.PredictedLabel],
        };
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("the name of a column is empty");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new ArgumentException($"two of the columns {string.Join(", ", names)} have the same name");
        return this;
    }

    public IReadOnlyList<PlannedLayer> Plan() => Architecture.Plan(Format.Shape, Head.Outputs);
}
