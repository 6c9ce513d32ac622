using System.Text.Json.Serialization;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Scoring;

namespace CnnMlNet.Persistence.V2;

/// <summary>The chunk "model" of format version 2. A member that is added later must not be required.</summary>
internal sealed record ModelData
{
    public required CnnArchitecture Architecture { get; init; }

    public required ImageShape ImageShape { get; init; }

    public required PixelType PixelType { get; init; }

    public bool Interleaved { get; init; }

    /// <summary>How images get their size, where the column is one of images; null for vectors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageResizing? ImageResizing { get; init; }

    /// <summary>One for each channel: a pixel becomes x * scale + shift.</summary>
    public required float[] Scale { get; init; }

    public required float[] Shift { get; init; }

    public required HeadData Head { get; init; }

    public required string FeatureColumn { get; init; }

    public required string ScoreColumn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProbabilityColumn { get; init; }

    public required string PredictedLabelColumn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExtraColumn>? ExtraColumns { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TestTimeAugmentation? TestTimeAugmentation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision ScoringPrecision { get; init; }

    /// <summary>Whether the extra columns are the only ones added.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFeaturizer { get; init; }

    public static ModelData Of(ModelContent content) => new()
    {
        Architecture = content.Architecture,
        ImageShape = content.Format.Shape,
        PixelType = content.Format.Type,
        Interleaved = content.Format.Interleaved,
        ImageResizing = content.Format.Resizing,
        Scale = [.. content.Transform.Scale],
        Shift = [.. content.Transform.Shift],
        Head = HeadData.Of(content.Head),
        FeatureColumn = content.FeatureColumn,
        ScoreColumn = content.Outputs.Score,
        ProbabilityColumn = content.Outputs.Probability,
        PredictedLabelColumn = content.Outputs.PredictedLabel,
        ExtraColumns = content.Scoring.Extra.Count == 0 ? null : content.Scoring.Extra,
        TestTimeAugmentation = content.Scoring.Augmentation == TestTimeAugmentation.None() ? null : content.Scoring.Augmentation,
        ScoringPrecision = content.Scoring.Precision,
        IsFeaturizer = content.Scoring.IsFeaturizer,
    };

    /// <exception cref="ArgumentException">It is nothing that could have been saved.</exception>
    public ModelContent ToContent() => new ModelContent(
        Architecture, new PixelFormat(ImageShape, PixelType, Interleaved, ImageResizing), new PixelTransform(Scale, Shift), Head.ToHead(ImageShape), FeatureColumn,
        new OutputColumns(ScoreColumn, ProbabilityColumn ?? "Probability", PredictedLabelColumn), null, [])
    {
        Scoring = new ScoringOptions(ExtraColumns ?? [], TestTimeAugmentation ?? CnnMlNet.TestTimeAugmentation.None())
        {
            IsFeaturizer = IsFeaturizer, Precision = ScoringPrecision,
        },
    }.Checked();
}

/// <summary>The head within <see cref="ModelData"/>.</summary>
internal sealed record HeadData
{
    public required HeadKind Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassLabels? Classes { get; init; }

    /// <summary>Of regression, one for each output: a label is x * deviation + mean.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float[]? Means { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float[]? Deviations { get; init; }

    /// <summary>Whether the labels of regression are vectors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsVector { get; init; }

    public static HeadData Of(BoundHead head) => head switch
    {
        PerPixel pixels => new HeadData { Kind = HeadKind.PerPixel, Classes = pixels.Labels },
        Multiclass multiclass => new HeadData { Kind = HeadKind.Multiclass, Classes = multiclass.Labels },
        Regression regression => new HeadData
        {
            Kind = HeadKind.Regression, Means = [.. regression.Means], Deviations = [.. regression.Deviations], IsVector = regression.IsVector,
        },
        _ => new HeadData { Kind = HeadKind.Binary },
    };

    /// <exception cref="ArgumentException">It is nothing that could have been saved.</exception>
    public BoundHead ToHead(ImageShape images)
    {
        if (Kind is not (HeadKind.Multiclass or HeadKind.PerPixel) && Classes is not null) throw new ArgumentException($"a head of the kind {Kind} has classes");
        if (Kind != HeadKind.Regression && (Means is not null || Deviations is not null || IsVector)) throw new ArgumentException($"a head of the kind {Kind} has means or deviations");
        if (Kind == HeadKind.Binary) return new Binary();
        if (Kind == HeadKind.Regression) return ToRegression();
        if (Classes is null) throw new ArgumentException($"a head of the kind {Kind} has no classes");
        if (Classes.Error is { } error) throw new ArgumentException($"the class names cannot be: {error}");
        if (Kind == HeadKind.Multiclass) return new Multiclass(Classes);
        return Classes.Count <= PerPixel.MostClasses
            ? new PerPixel(Classes, images.Height, images.Width)
            : throw new ArgumentException($"a class for every pixel takes at most {PerPixel.MostClasses} classes, not {Classes.Count}");
    }

    private Regression ToRegression()
    {
        if (Means is null || Deviations is null || Means.Length != Deviations.Length || (IsVector ? Means.Length == 0 : Means.Length != 1))
            throw new ArgumentException($"a regression head has {Means?.Length ?? 0} means and {Deviations?.Length ?? 0} deviations");
        return Means.All(float.IsFinite) && Deviations.All(deviation => float.IsFinite(deviation) && deviation > 0)
            ? new Regression(Means, Deviations, IsVector, standardize: false)
            : throw new ArgumentException("a regression head has means or deviations that are not finite, or deviations that are not greater than 0");
    }
}

internal enum HeadKind
{
    Multiclass,
    Binary,
    Regression,
    PerPixel,
}
