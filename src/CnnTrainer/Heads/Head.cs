using CnnMlNet.Heads;
using Microsoft.ML;

namespace CnnMlNet;

/// <summary>What the outputs of a network mean: the label it learns from, the loss, and the columns it adds. Immutable; thread safe.</summary>
public abstract record Head
{
    private protected Head() { }

    /// <summary>
    /// One class of several. Label: a key. Loss: cross entropy (softmax), in nats. Columns: Score, the probability of each class, with the
    /// class names as slot names; PredictedLabel, a key with the label's key values. Metric: accuracy. The default.
    /// </summary>
    public static Head Multiclass() => new MulticlassHead();

    /// <summary>
    /// Yes or no. Label: Boolean. Loss: binary cross entropy of one logit (sigmoid), in nats. Columns: Score, the logit; Probability, that of
    /// true; PredictedLabel, Boolean, true where the logit is above 0. Metric: accuracy.
    /// </summary>
    public static Head Binary() => new BinaryHead();

    /// <summary><c>Multiclass</c>, <c>Binary</c>.</summary>
    public sealed override string ToString() => GetType().Name.Replace("Head", "", StringComparison.Ordinal);

    /// <summary>The head of a label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    internal abstract BoundHead Bind(DataViewSchema schema, string labelColumnName);

    /// <summary>The columns added to a pipeline that has not met its data yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label column is missing or of another type.</exception>
    internal abstract SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names);
}

/// <summary>What <see cref="Head.Multiclass"/> makes.</summary>
public sealed record MulticlassHead : Head
{
    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName) => Heads.Multiclass.Bind(schema, labelColumnName);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.Multiclass.OutputShape(schema, labelColumnName, names);
}

/// <summary>What <see cref="Head.Binary"/> makes.</summary>
public sealed record BinaryHead : Head
{
    internal override BoundHead Bind(DataViewSchema schema, string labelColumnName) => Heads.Binary.Bind(schema, labelColumnName);

    internal override SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names) =>
        Heads.Binary.OutputShape(schema, labelColumnName, names);
}
