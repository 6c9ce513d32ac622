using System.Text.Json.Serialization;
using CnnMlNet.Heads;
using CnnMlNet.Interop;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet;

/// <summary>
/// A column, or two, that scoring adds on request: as <see cref="CnnTrainerOptions.ExtraColumns"/>, or of a trained model by
/// <see cref="CnnTransformer.With"/>. All that a row is asked for comes of one forward pass, and one backward pass where Grad-CAM is asked for; what
/// is not asked for is not computed (a PredictionEngine asks for all columns).
/// Immutable; thread safe. Made by the methods of this class.
/// </summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(LogitsColumn), "logits")]
[JsonDerivedType(typeof(ProbabilitiesColumn), "probabilities")]
[JsonDerivedType(typeof(TopKColumn), "topK")]
[JsonDerivedType(typeof(EmbeddingColumn), "embedding")]
[JsonDerivedType(typeof(GradCamColumn), "gradCam")]
[JsonDerivedType(typeof(CalibratedColumn), "calibrated")]
[JsonDerivedType(typeof(RejectColumn), "reject")]
public abstract record ExtraColumn
{
    private protected ExtraColumn() { }

    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What <c>Layer.Output()</c> gives, before softmax or sigmoid: a vector of <see cref="float"/>, one value an output; for classes with their
    /// names as slot names. [classes, H, W] for <see cref="Head.PerPixel"/>.
    /// </summary>
    /// <param name="name">Name of the column. Default <c>Logits</c>.</param>
    public static ExtraColumn Logits(string name = "Logits") => new LogitsColumn { Name = name };

    /// <summary>The probability of each class, the same values as Score: a vector of <see cref="float"/> with the class names as slot names. For <see cref="Head.Multiclass"/>.</summary>
    /// <param name="name">Name of the column. Default <c>Probabilities</c>.</param>
    public static ExtraColumn Probabilities(string name = "Probabilities") => new ProbabilitiesColumn { Name = name };

    /// <summary>
    /// The most probable classes, the first one first, in two columns: a vector of keys with the label's key values, and a vector of
    /// <see cref="float"/> with their probabilities. Of equally probable classes the one with the lower key comes first. For <see cref="Head.Multiclass"/>.
    /// </summary>
    /// <param name="k">How many; at least 1, at most the number of classes.</param>
    /// <param name="name">Name of the column with the classes. Default <c>TopLabels</c>.</param>
    /// <param name="probabilitiesName">Name of the column with their probabilities. Default <c>TopProbabilities</c>.</param>
    public static ExtraColumn TopK(int k, string name = "TopLabels", string probabilitiesName = "TopProbabilities") =>
        new TopKColumn { K = k, Name = name, ProbabilitiesName = probabilitiesName };

    /// <summary>
    /// What a layer gives, flattened in the order channel, row, column: a vector of <see cref="float"/>. It serves to compare images, to cluster
    /// them, or as features of another trainer (see <c>ml.Transforms.CnnFeatures</c>).
    /// </summary>
    /// <param name="name">Name of the column. Default <c>Embedding</c>.</param>
    /// <param name="layer">The layer's path: its name or its place counting from 0, after those of the layers around it (<c>4</c>, <c>stem.1</c>,
    /// <c>block.branch.0</c>). Default null: the penultimate layer, whose output <c>Layer.Output()</c> reads.</param>
    public static ExtraColumn Embedding(string name = "Embedding", string? layer = null) => new EmbeddingColumn { Name = name, Layer = layer };

    /// <summary>
    /// A heat map of the image that shows what spoke for the predicted class (Grad-CAM: Selvaraju et al., 2017, "Grad-CAM: Visual Explanations from
    /// Deep Networks via Gradient-based Localization"): a vector of <see cref="float"/> with the dimensions [H, W] of the images, from 0 to 1, the
    /// largest value 1; all 0 where nothing speaks for the class. For <see cref="Head.Multiclass"/> and <see cref="Head.Binary"/>, there for the side
    /// that is predicted.
    /// </summary>
    /// <remarks>
    /// It takes a backward pass from the class's logit to the layer. The map has the layer's resolution and is enlarged bilinearly: a layer of 7 x 7 pixels says
    /// only roughly where. With <see cref="TestTimeAugmentation"/> it is the map of the image as it is, for the class that all views predict together.
    /// </remarks>
    /// <param name="name">Name of the column. Default <c>GradCam</c>.</param>
    /// <param name="layer">The layer's path, as <see cref="Embedding"/> takes it; its output must be an image of more than one pixel. Default null: the last
    /// convolution, or layer with one within, whose output is such an image, with the normalisation and the activation that follow it.</param>
    public static ExtraColumn GradCam(string name = "GradCam", string? layer = null) => new GradCamColumn { Name = name, Layer = layer };

    /// <summary>
    /// Probabilities that mean what they say: softmax of the logits divided by a temperature (Guo et al., 2017, "On Calibration of Modern Neural
    /// Networks"), which <c>ml.MulticlassClassification.FitTemperature</c> finds on rows that were not trained on. A vector of <see cref="float"/> with the class names as slot names; for
    /// <see cref="Head.Binary"/> one <see cref="float"/>, the probability of true. The predicted class stays the same.
    /// </summary>
    /// <remarks>With <see cref="TestTimeAugmentation"/> the logits are the mean over the views: fit the temperature with the same views.</remarks>
    /// <param name="temperature">Greater than 0: above 1 the probabilities come closer to each other, below 1 farther apart.</param>
    /// <param name="name">Name of the column. Default <c>CalibratedProbabilities</c>.</param>
    public static ExtraColumn Calibrated(double temperature, string name = "CalibratedProbabilities") => new CalibratedColumn { Temperature = temperature, Name = name };

    /// <summary>Whether a row had better be looked at by someone: a Boolean, true where the largest calibrated probability is below a threshold (see <see cref="Calibrated"/>).</summary>
    /// <param name="threshold">The least probability of the predicted class that is not rejected; 0 to 1.</param>
    /// <param name="temperature">What the logits are divided by; greater than 0. Default 1: the probabilities as the network gives them.</param>
    /// <param name="name">Name of the column. Default <c>IsRejected</c>.</param>
    public static ExtraColumn Reject(double threshold, double temperature = 1, string name = "IsRejected") =>
        new RejectColumn { Threshold = threshold, Temperature = temperature, Name = name };

    /// <summary>The names that the column has, or the columns have, each with its property.</summary>
    internal virtual IReadOnlyList<(string Property, string Name)> Names() => [(nameof(Name), Name)];

    /// <summary>Whether only classes give it.</summary>
    internal virtual bool NeedsClasses => false;

    /// <summary>Whether only classes, or yes and no, give it.</summary>
    internal virtual bool NeedsClassifier => false;

    /// <summary>What is out of range, each to follow the column's place: <c>.K is 0 ...</c></summary>
    internal virtual IEnumerable<string> Errors(CnnArchitecture? architecture) => [];

    /// <summary>What does not fit a head or the layers, likewise.</summary>
    internal virtual IEnumerable<string> Misfits(BoundHead head, Func<IReadOnlyList<PlannedLayer>> plan) => [];

    /// <summary>The columns in a pipeline that has not met its data yet.</summary>
    /// <param name="hasClasses">Whether the outputs stand for classes.</param>
    /// <param name="keyValues">The annotation with the label's key values; empty where it has none.</param>
    internal abstract IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues);

    /// <summary>The columns of a network.</summary>
    internal abstract IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan);

    /// <summary>What is wrong with a layer's path that is said.</summary>
    private protected static IEnumerable<string> PathErrors(string? layer, CnnArchitecture? architecture)
    {
        if (layer is not null && architecture is not null && !architecture.Paths().Contains(layer))
            yield return $".Layer is '{layer}', which is no layer's path. There are: {string.Join(", ", architecture.Paths())}.";
    }

    private protected static SchemaShape.Column Vector(string name, bool hasSlotNames) => MlNetInternals.Column(
        name, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape(
            hasSlotNames ? [MlNetInternals.Column(ScoreAnnotations.SlotNames, VectorKind.Vector, TextDataViewType.Instance)] : []));

    private protected static DataViewSchema.Annotations SlotNames(BoundHead head)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        (head as Multiclass)?.Labels.AddSlotNames(builder);
        return builder.ToAnnotations();
    }
}

/// <summary>What <see cref="ExtraColumn.Logits"/> makes.</summary>
public sealed record LogitsColumn : ExtraColumn
{
    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) => [Vector(Name, hasClasses)];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan) =>
        [ScoredColumn.Vector(Name, ScoredPart.Logits(head), SlotNames(head), head.OutputDimensions)];
}

/// <summary>What <see cref="ExtraColumn.Probabilities"/> makes.</summary>
public sealed record ProbabilitiesColumn : ExtraColumn
{
    internal override bool NeedsClasses => true;

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) => [Vector(Name, hasClasses)];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan) =>
        [ScoredColumn.Vector(Name, ScoredPart.OfHead(head), SlotNames(head))];
}

/// <summary>What <see cref="ExtraColumn.Embedding"/> makes.</summary>
public sealed record EmbeddingColumn : ExtraColumn
{
    /// <summary>The layer's path; null for the penultimate layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Layer { get; init; }

    internal override IEnumerable<string> Errors(CnnArchitecture? architecture)
    {
        if (Layer is null && architecture is not null && CnnArchitecture.Penultimate(architecture.Layers) is null)
            yield return ".Layer is not said, and no layer comes before Layer.Output().";
        foreach (var error in PathErrors(Layer, architecture)) yield return error;
    }

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) => [Vector(Name, hasSlotNames: false)];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan)
    {
        var path = Layer ?? CnnArchitecture.Penultimate([.. plan.Select(planned => planned.Layer)]);
        var found = plan.SelectMany(planned => planned.Flatten()).Single(planned => planned.Path == path);
        return [ScoredColumn.Vector(Name, ScoredPart.OfLayer(found))];
    }
}
