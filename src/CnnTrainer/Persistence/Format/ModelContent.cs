using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Scoring;

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
    /// <summary>What scoring makes beside the head's columns.</summary>
    public ScoringOptions Scoring { get; init; } = ScoringOptions.Default;

    /// <summary>This content, if options could have made it.</summary>
    /// <exception cref="ArgumentException">They could not.</exception>
    public ModelContent Checked()
    {
        Format.Shape.Check();
        int channels = Format.Shape.Channels;
        if (Format.IsOfImages && (Format.Type != PixelType.Byte || Format.Interleaved || channels is not (1 or 3)))
            throw new ArgumentException($"images become bytes of 1 or 3 channels one after the other, not {channels} channels of {Format.Type}{(Format.Interleaved ? ", interleaved" : "")}");
        if (Transform.Scale.Count != channels || Transform.Shift.Count != channels || !Transform.Scale.Concat(Transform.Shift).All(float.IsFinite))
            throw new ArgumentException($"there are {Transform.Scale.Count} scales and {Transform.Shift.Count} shifts for {channels} channels, or one is not a finite number");
        string[] names = [FeatureColumn, .. HeadColumns().Select(column => column.Name)];
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("the name of a column is empty");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new ArgumentException($"two of the columns {string.Join(", ", names)} have the same name");
        return ScoringErrors().FirstOrDefault() is { } error ? throw new ArgumentException(error) : this;
    }

    /// <summary>What speaks against the extra columns and the views, one sentence each.</summary>
    public IEnumerable<string> ScoringErrors() =>
    [
        .. ColumnNames.Errors([("FeatureColumnName", FeatureColumn), .. Scoring.IsFeaturizer ? [] : HeadColumns(), .. Scoring.Names()]),
        .. Scoring.Errors(Head is Multiclass, Head is Binary, Architecture),
        .. Scoring.Misfits(Head, Format.Shape, Plan),
    ];

    private (string Option, string Name)[] HeadColumns()
    {
        var (score, predicted) = (("ScoreColumnName", Outputs.Score), ("PredictedLabelColumnName", Outputs.PredictedLabel));
        return Head switch
        {
            Binary => [score, ("ProbabilityColumnName", Outputs.Probability), predicted],
            Regression => [score],
            _ => [score, predicted],
        };
    }

    public IReadOnlyList<PlannedLayer> Plan() => Architecture.Plan(Format.Shape, Head.Outputs, Head.IsPerPixel);
}
