using System.Text.Json.Serialization;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Persistence.Format;

namespace CnnMlNet.Persistence.V2;

/// <summary>The chunk "model" of format version 2. A member that is added later must not be required.</summary>
internal sealed record ModelData
{
    public required CnnArchitecture Architecture { get; init; }

    public required ImageShape ImageShape { get; init; }

    public required PixelType PixelType { get; init; }

    public bool Interleaved { get; init; }

    /// <summary>One for each channel: a pixel becomes x * scale + shift.</summary>
    public required float[] Scale { get; init; }

    public required float[] Shift { get; init; }

    public required HeadData Head { get; init; }

    public required string FeatureColumn { get; init; }

    public required string ScoreColumn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProbabilityColumn { get; init; }

    public required string PredictedLabelColumn { get; init; }

    public static ModelData Of(ModelContent content) => new()
    {
        Architecture = content.Architecture,
        ImageShape = content.Format.Shape,
        PixelType = content.Format.Type,
        Interleaved = content.Format.Interleaved,
        Scale = [.. content.Transform.Scale],
        Shift = [.. content.Transform.Shift],
        Head = HeadData.Of(content.Head),
        FeatureColumn = content.FeatureColumn,
        ScoreColumn = content.Outputs.Score,
        ProbabilityColumn = content.Outputs.Probability,
        PredictedLabelColumn = content.Outputs.PredictedLabel,
    };

    /// <exception cref="ArgumentException">It is nothing that could have been saved.</exception>
    public ModelContent ToContent(TrainingHistory? history, IReadOnlyList<Chunk> aside)
    {
        ImageShape.Check();
        if (Scale.Length != ImageShape.Channels || Shift.Length != ImageShape.Channels || !Scale.Concat(Shift).All(float.IsFinite))
            throw new ArgumentException($"{Scale.Length} scales and {Shift.Length} shifts for {ImageShape.Channels} channels");
        var outputs = new OutputColumns(ScoreColumn, ProbabilityColumn ?? "Probability", PredictedLabelColumn);
        var head = Head.ToHead();
        string[] names = head is Binary ? [FeatureColumn, outputs.Score, outputs.Probability, outputs.PredictedLabel] : [FeatureColumn, outputs.Score, outputs.PredictedLabel];
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("the name of a column is empty");
        if (names.Distinct().Count() < names.Length) throw new ArgumentException($"two of the columns {string.Join(", ", names)} have the same name");
        return new ModelContent(
            Architecture, new PixelFormat(ImageShape, PixelType, Interleaved), new PixelTransform(Scale, Shift), head, FeatureColumn, outputs, history, aside);
    }
}

/// <summary>The head within <see cref="ModelData"/>.</summary>
internal sealed record HeadData
{
    public required HeadKind Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassLabels? Classes { get; init; }

    public static HeadData Of(BoundHead head) => head is Multiclass multiclass
        ? new HeadData { Kind = HeadKind.Multiclass, Classes = multiclass.Labels }
        : new HeadData { Kind = HeadKind.Binary };

    public BoundHead ToHead()
    {
        if (Kind == HeadKind.Binary) return new Binary();
        if (Classes is null) throw new ArgumentException("a multiclass head has no classes");
        return Classes.Error is { } error ? throw new ArgumentException($"the class names cannot be: {error}") : new Multiclass(Classes);
    }
}

internal enum HeadKind
{
    Multiclass,
    Binary,
}
