using CnnMlNet.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Scoring;

/// <summary>What a forward pass gives that columns are made of.</summary>
internal enum PartKind
{
    /// <summary>What the head makes of the outputs.</summary>
    Head,

    /// <summary>The outputs as they are.</summary>
    Logits,

    /// <summary>The output of a layer.</summary>
    Layer,

    /// <summary>Where a layer saw what speaks for the predicted class, for each pixel of the image.</summary>
    GradCam,
}

/// <summary>A part of what a forward pass gives; equal ones are computed once.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Values a row.</param>
/// <param name="Path">The layer's path, where it is of a layer.</param>
internal sealed record ScoredPart(PartKind Kind, int Size, string? Path = null)
{
    public static ScoredPart OfHead(BoundHead head) => new(PartKind.Head, head.Values);

    public static ScoredPart Logits(BoundHead head) => new(PartKind.Logits, head.OutputDimensions.Aggregate((size, dimension) => checked(size * dimension)));

    public static ScoredPart OfLayer(PlannedLayer layer) => new(PartKind.Layer, (int)layer.Output.Size, layer.Path);

    public static ScoredPart GradCam(PlannedLayer layer, ActivationShape image) => new(PartKind.GradCam, (int)(image.Height * image.Width), layer.Path);
}

/// <summary>A column that scoring adds beside the head's.</summary>
/// <param name="Column">Name, type and annotations.</param>
/// <param name="Part">What its values come from.</param>
/// <param name="Getter">Its getter over that part of a row.</param>
internal sealed record ScoredColumn(DataViewSchema.DetachedColumn Column, ScoredPart Part, Func<RowValues, Delegate> Getter)
{
    /// <summary>A column with all values of a part.</summary>
    public static ScoredColumn Vector(string name, ScoredPart part, DataViewSchema.Annotations? annotations = null, params int[] dimensions) => new(
        new(name, new VectorDataViewType(NumberDataViewType.Single, dimensions.Length == 0 ? [part.Size] : dimensions), annotations), part, Multiclass.ScoreGetter);
}
