using System.Text.Json.Serialization;
using CnnMlNet.Heads;
using CnnMlNet.Scoring;
using Microsoft.ML;

namespace CnnMlNet;

/// <summary>What <see cref="ExtraColumn.GradCam"/> makes.</summary>
public sealed record GradCamColumn : ExtraColumn
{
    /// <summary>The layer's path; null for the last convolution.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Layer { get; init; }

    internal override bool NeedsClassifier => true;

    internal override IEnumerable<string> Errors(CnnArchitecture? architecture) => PathErrors(Layer, architecture);

    internal override IEnumerable<string> Misfits(BoundHead head, Func<IReadOnlyList<PlannedLayer>> plan)
    {
        if (Layer is null)
        {
            if (LastConvolution(plan()) is null)
                yield return ".Layer is not said, and no convolution gives an image of more than one pixel: a heat map has nothing to show.";
        }
        else if (Find(plan(), Layer) is { } layer && !IsMap(layer))
        {
            yield return $".Layer is '{Layer}', which gives {layer.Output}: a heat map needs an image of more than one pixel.";
        }
    }

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) => [Vector(Name, hasSlotNames: false)];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan)
    {
        var layer = Layer is null ? LastConvolution(plan) : Find(plan, Layer);
        var image = plan[0].Input;
        return [ScoredColumn.Vector(Name, ScoredPart.GradCam(layer!, image), null, (int)image.Height, (int)image.Width)];
    }

    private static PlannedLayer? Find(IReadOnlyList<PlannedLayer> plan, string path) =>
        plan.SelectMany(layer => layer.Flatten()).FirstOrDefault(layer => layer.Path == path);

    private static PlannedLayer? LastConvolution(IReadOnlyList<PlannedLayer> plan)
    {
        var layers = plan.SelectMany(InOrder).ToList();
        int last = layers.FindLastIndex(layer => IsMap(layer) && layer.Flatten().Any(inner => inner.Layer is ConvLayer or DepthwiseConvLayer or ConvTransposedLayer or ModuleLayer));
        if (last < 0) return null;
        while (layers[last + 1].Layer is BatchNormLayer or GroupNormLayer or DropoutLayer or Dropout2dLayer or ActivationLayer or LeakyReluLayer or EluLayer) last++;   // Output follows
        return layers[last];
    }

    private static bool IsMap(PlannedLayer layer) => layer.Output is { IsImage: true } output && output.Height * output.Width > 1;

    /// <summary>A sequence's layers instead of it: what they give flows on, unlike that of a branch's layers, which is joined with another.</summary>
    private static IEnumerable<PlannedLayer> InOrder(PlannedLayer layer) => layer.Layer is SequenceLayer ? layer.Branches[0].SelectMany(InOrder) : [layer];
}
