using CnnMlNet.Heads;
using Microsoft.ML;

namespace CnnMlNet;

/// <summary>What the outputs of a network mean: the label it learns from, the loss, and the columns it adds. Immutable; thread safe.</summary>
public abstract record Head
{
    private protected Head() { }

    /// <summary>
    /// One class of several. Label: a key. Default loss: cross entropy (softmax), in nats. Columns: Score, the probability of each class, with the
    /// class names as slot names; PredictedLabel, a key with the label's key values. Metric: accuracy. The default.
    /// </summary>
    public static Head Multiclass() => new MulticlassHead();

    /// <summary>
    /// Yes or no. Label: Boolean. Default loss: binary cross entropy of one logit (sigmoid), in nats. Columns: Score, the logit; Probability, that of
    /// true; PredictedLabel, Boolean, true where the logit is above 0. Metric: accuracy.
    /// </summary>
    public static Head Binary() => new BinaryHead();

    /// <summary>
    /// Numbers. Label: Single for one output, or a vector of Single of known size for as many. Default loss: mean squared error. Column: Score,
    /// of the label's type and in its units. Metrics: mean absolute error and root mean squared error, in the label's units, over all outputs.
    /// </summary>
    /// <param name="standardize">
    /// Whether the network learns (label - mean) / standard deviation, each output on its own, of the rows it is trained on, since labels far from
    /// 0 or of a large range are learned badly or not at all. The scores have the label's units either way; losses are those of the
    /// standardised labels. Labels that are all the same are only shifted. Default true.
    /// </param>
    public static Head Regression(bool standardize = true) => new RegressionHead { Standardize = standardize };

    /// <summary>
    /// One class of several for each pixel (semantic segmentation). Label: a vector of keys, [H, W] as the images have, row by row; 0 (missing) says that a
    /// pixel has no label: it counts neither in the loss nor in the metrics. At most 255 classes. Default loss: cross entropy, the mean over the
    /// labelled pixels of a batch. Columns: Score, [classes, H, W], the probability of each class at each pixel; PredictedLabel, [H, W], keys with
    /// the label's key values. Metrics: accuracy, the share of labelled pixels that are right, and mean IoU, the mean over the classes that occur of
    /// intersection by union of truth and prediction; both over all pixels of an epoch. Augmentation moves the labels with the images.
    /// </summary>
    /// <remarks>The network ends in <see cref="Layer.Output"/> after an image of the same height and width: see <see cref="CnnArchitecture.UNet"/>.</remarks>
    public static Head PerPixel() => new PerPixelHead();

    /// <summary><c>Multiclass</c>, <c>Binary</c>, <c>Regression</c>, <c>PerPixel</c>.</summary>
    public sealed override string ToString() => GetType().Name.Replace("Head", "", StringComparison.Ordinal);

    /// <summary>The loss where the options say none.</summary>
    internal virtual Loss DefaultLoss => Loss.CrossEntropy();

    /// <summary>What makes a loss unfit for it, one sentence each.</summary>
    internal IEnumerable<string> Errors(Loss loss) => loss.IsOfClasses == DefaultLoss.IsOfClasses
        ? loss.Errors()
        : loss.Errors().Append($"Loss: '{loss}' does not fit Head.{this}(); it takes {(loss.IsOfClasses ? "MeanSquaredError, MeanAbsoluteError and Huber" : "CrossEntropy and Focal")}.");

    /// <summary>The head of a label column.</summary>
    /// <param name="schema">Schema of the rows.</param>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="images">Shape of the images beside it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    internal abstract BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images);

    /// <summary>The columns added to a pipeline that has not met its data yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label column is missing or of another type.</exception>
    internal abstract SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names);
}

/// <summary>What <see cref="Head.Multiclass"/> makes.</summary>
public sealed record MulticlassHead : Head
{
    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images) => Heads.Multiclass.Bind(schema, labelColumnName);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.Multiclass.OutputShape(schema, labelColumnName, names);
}

/// <summary>What <see cref="Head.Binary"/> makes.</summary>
public sealed record BinaryHead : Head
{
    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images) => Heads.Binary.Bind(schema, labelColumnName);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.Binary.OutputShape(schema, labelColumnName, names);
}

/// <summary>What <see cref="Head.Regression"/> makes.</summary>
public sealed record RegressionHead : Head
{
    /// <summary>Whether the network learns standardised labels.</summary>
    public bool Standardize { get; init; } = true;

    internal override Loss DefaultLoss => Loss.MeanSquaredError();

    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images) => Heads.Regression.Bind(schema, labelColumnName, Standardize);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.Regression.OutputShape(schema, labelColumnName, names);
}

/// <summary>What <see cref="Head.PerPixel"/> makes.</summary>
public sealed record PerPixelHead : Head
{
    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images) => Heads.PerPixel.Bind(schema, labelColumnName, images);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.PerPixel.OutputShape(schema, labelColumnName, names);
}
