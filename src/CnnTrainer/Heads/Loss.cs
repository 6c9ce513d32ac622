using System.Globalization;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>What training makes small: how wrong the outputs of a batch are. Immutable; thread safe. Made by the methods of this class.</summary>
/// <remarks>
/// The loss of a batch is a mean over its rows, as PyTorch's losses are with <c>reduction="mean"</c>. With
/// <see cref="CnnTrainerOptions.ExampleWeightColumnName"/> it is sum(w * loss) / sum(w): a row of weight 2 counts as if it were there twice.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CrossEntropyLoss), "crossEntropy")]
[JsonDerivedType(typeof(FocalLoss), "focal")]
[JsonDerivedType(typeof(MeanSquaredErrorLoss), "meanSquaredError")]
[JsonDerivedType(typeof(MeanAbsoluteErrorLoss), "meanAbsoluteError")]
[JsonDerivedType(typeof(HuberLoss), "huber")]
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>
    /// Cross entropy, in nats: of the softmax over the classes, or of the sigmoid of a binary classifier's logit. The default of both. The
    /// numbers are those of PyTorch's CrossEntropyLoss, whose mean with class weights is divided by the sum of the weights of the rows' classes,
    /// and of its BCEWithLogitsLoss, whose mean is divided by the number of rows (its pos_weight p is <c>ClassWeights.Of(1, p)</c>).
    /// </summary>
    /// <param name="labelSmoothing">Share of the truth that is spread evenly over all classes (Szegedy et al. 2016); 0 to 1. Default 0.</param>
    /// <param name="classWeights">How much each class counts; null for all alike.</param>
    public static Loss CrossEntropy(double labelSmoothing = 0, ClassWeights? classWeights = null) =>
        new CrossEntropyLoss { LabelSmoothing = labelSmoothing, ClassWeights = classWeights };

    /// <summary>
    /// Focal loss (Lin et al. 2017): the cross entropy of a row times (1 - p)^gamma, p the probability of its class, so that rows that are right
    /// already count little. For one class of several and for yes or no; with a gamma of 0 it is <see cref="CrossEntropy"/>.
    /// </summary>
    /// <param name="gamma">How much little; 0 to 100. Default 2.</param>
    /// <param name="classWeights">How much each class counts (alpha); null for all alike. The paper's alpha a is <c>ClassWeights.Of(1 - a, a)</c>.</param>
    public static Loss Focal(double gamma = 2, ClassWeights? classWeights = null) => new FocalLoss { Gamma = gamma, ClassWeights = classWeights };

    /// <summary>
    /// Mean of the squared errors, over the rows and the outputs; the default of regression. Where labels are standardised (see
    /// <see cref="Head.Regression"/>) errors count in their standard deviations: 1 is what a network reaches that always says the mean.
    /// </summary>
    public static Loss MeanSquaredError() => new MeanSquaredErrorLoss();

    /// <summary>Mean of the absolute errors, for regression: outliers among the labels count less than in <see cref="MeanSquaredError"/>.</summary>
    public static Loss MeanAbsoluteError() => new MeanAbsoluteErrorLoss();

    /// <summary>Huber's loss, for regression: e^2 / 2 for errors up to delta, delta * (|e| - delta / 2) above.</summary>
    /// <param name="delta">
    /// Where it turns from squares to straight lines, in standard deviations of the labels where they are standardised; greater than 0, at most
    /// 1e6. Default 1.
    /// </param>
    public static Loss Huber(double delta = 1) => new HuberLoss { Delta = delta };

    /// <summary><c>Cross entropy, label smoothing 0.1, balanced class weights</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>Whether it is one of classes, not of numbers.</summary>
    internal virtual bool IsOfClasses => false;

    /// <summary>How much each class counts; null for all alike.</summary>
    internal virtual ClassWeights? Weights => null;

    /// <summary>What is out of range, one sentence each.</summary>
    internal virtual IEnumerable<string> Errors() => Weights?.Errors() ?? [];

    /// <exception cref="ArgumentException">Its class weights are those of other classes.</exception>
    internal void CheckClasses(IReadOnlyList<string> names)
    {
        if (Weights?.Misfit(names) is { } misfit) throw new ArgumentException($"Loss: {misfit}");
    }

    private protected abstract string Describe();

    private protected string And => Weights is null ? "" : $", {Weights}";

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What <see cref="Loss.CrossEntropy"/> makes.</summary>
public sealed record CrossEntropyLoss : Loss
{
    /// <summary>Share of the truth that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>How much each class counts; null for all alike.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassWeights? ClassWeights { get; init; }

    internal override bool IsOfClasses => true;

    internal override ClassWeights? Weights => ClassWeights;

    internal override IEnumerable<string> Errors() => LabelSmoothing is >= 0 and <= 1
        ? base.Errors()
        : base.Errors().Prepend($"Loss: the label smoothing is {Text(LabelSmoothing)}; it must be 0 to 1.");

    private protected override string Describe() => $"Cross entropy{(LabelSmoothing == 0 ? "" : $", label smoothing {Text(LabelSmoothing)}")}{And}";
}

/// <summary>What <see cref="Loss.Focal"/> makes.</summary>
public sealed record FocalLoss : Loss
{
    /// <summary>The exponent.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>How much each class counts; null for all alike.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassWeights? ClassWeights { get; init; }

    internal override bool IsOfClasses => true;

    internal override ClassWeights? Weights => ClassWeights;

    internal override IEnumerable<string> Errors() =>
        Gamma is >= 0 and <= 100 ? base.Errors() : base.Errors().Prepend($"Loss: gamma is {Text(Gamma)}; it must be 0 to 100.");

    private protected override string Describe() => $"Focal, gamma {Text(Gamma)}{And}";
}

/// <summary>What <see cref="Loss.MeanSquaredError"/> makes.</summary>
public sealed record MeanSquaredErrorLoss : Loss
{
    private protected override string Describe() => "Mean squared error";
}

/// <summary>What <see cref="Loss.MeanAbsoluteError"/> makes.</summary>
public sealed record MeanAbsoluteErrorLoss : Loss
{
    private protected override string Describe() => "Mean absolute error";
}

/// <summary>What <see cref="Loss.Huber"/> makes.</summary>
public sealed record HuberLoss : Loss
{
    /// <summary>Where it turns from squares to straight lines.</summary>
    public double Delta { get; init; } = 1;

    internal override IEnumerable<string> Errors()
    {
        if (Delta is not (> 0 and <= 1e6)) yield return $"Loss: delta is {Text(Delta)}; it must be greater than 0 and at most 1e6.";
    }

    private protected override string Describe() => $"Huber, delta {Text(Delta)}";
}
