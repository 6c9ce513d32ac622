using System.Globalization;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>How much the rows of each class count in a <see cref="Loss"/>. Immutable; thread safe. Made by the methods of this class.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(GivenClassWeights), "given")]
[JsonDerivedType(typeof(NamedClassWeights), "named")]
[JsonDerivedType(typeof(BalancedClassWeights), "balanced")]
public abstract record ClassWeights
{
    private protected ClassWeights() { }

    /// <summary>A weight for each class, in the order of the label's key; false and true for a binary classifier.</summary>
    /// <param name="weights">Greater than 0, at most 1e6. To leave a class out, filter its rows.</param>
    public static ClassWeights Of(params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new GivenClassWeights { Weights = weights };
    }

    /// <summary>Weights by class name (<c>False</c> and <c>True</c> for a binary classifier); classes that are not named have the weight 1.</summary>
    /// <param name="weights">Greater than 0, at most 1e6.</param>
    public static ClassWeights Of(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new NamedClassWeights { Weights = weights };
    }

    /// <summary>
    /// As scikit-learn's <c>class_weight="balanced"</c>: n / (classes * n of the class), counted in the rows that are trained on, validation rows left
    /// out, by their example weights where there are some. A class without such rows does not count among the classes and has the weight 1.
    /// </summary>
    public static ClassWeights Balanced() => new BalancedClassWeights();

    /// <summary><c>class weights 1, 2.5</c>, <c>class weights cat 2</c>, <c>balanced class weights</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>A weight for each class.</summary>
    /// <param name="names">The classes.</param>
    /// <param name="counts">Sum of the training rows' example weights, 1 each where there are none, by class.</param>
    internal abstract double[] For(IReadOnlyList<string> names, double[] counts);

    /// <summary>Why they are not those of some classes; null where they are.</summary>
    internal virtual string? Misfit(IReadOnlyList<string> names) => null;

    /// <summary>What is out of range, one sentence each.</summary>
    internal abstract IEnumerable<string> Errors();

    private protected const string None = "Loss: the class weights are null.";

    private protected abstract string Describe();

    private protected static IEnumerable<string> Errors(IEnumerable<(string Class, double Weight)> weights) => weights
        .Where(pair => pair.Weight is not (> 0 and <= 1e6))
        .Select(pair => $"Loss: the weight of class {pair.Class} is {Text(pair.Weight)}; it must be greater than 0 and at most 1e6.");

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What <see cref="ClassWeights.Of(double[])"/> makes.</summary>
public sealed record GivenClassWeights : ClassWeights
{
    /// <summary>One for each class, in the order of the key.</summary>
    public required IReadOnlyList<double> Weights { get; init => field = value is null ? null! : [.. value]; }

    /// <summary>The same weights.</summary>
    public bool Equals(GivenClassWeights? other) => other is not null && Weights.SequenceEqual(other.Weights);

    /// <inheritdoc/>
    public override int GetHashCode() => Weights.Aggregate(0, HashCode.Combine);

    internal override double[] For(IReadOnlyList<string> names, double[] counts) => [.. Weights];

    internal override string? Misfit(IReadOnlyList<string> names) => Weights.Count == names.Count
        ? null
        : $"there are {Weights.Count} class weights for {names.Count} classes: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", ..." : "")}.";

    internal override IEnumerable<string> Errors() => Weights is null ? [None] : Errors(Weights.Select((weight, i) => ($"number {i + 1}", weight)));

    private protected override string Describe() => $"class weights {string.Join(", ", Weights.Select(Text))}";
}

/// <summary>What <see cref="ClassWeights.Of(IReadOnlyDictionary{string, double})"/> makes.</summary>
public sealed record NamedClassWeights : ClassWeights
{
    /// <summary>Weights by class name.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init => field = value is null ? null! : new Dictionary<string, double>(value, StringComparer.Ordinal); }

    /// <summary>The same weights of the same classes.</summary>
    public bool Equals(NamedClassWeights? other) => other is not null && Weights.Count == other.Weights.Count &&
        Weights.All(pair => other.Weights.TryGetValue(pair.Key, out double weight) && weight.Equals(pair.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => Weights.Aggregate(0, (hash, pair) => hash ^ pair.GetHashCode());   // in any order

    internal override double[] For(IReadOnlyList<string> names, double[] counts) =>
        [.. names.Select(name => Weights.TryGetValue(name, out double weight) ? weight : 1)];

    internal override string? Misfit(IReadOnlyList<string> names) => Weights.Keys.Except(names).FirstOrDefault() is { } unknown
        ? $"there is a weight for the class '{unknown}', but the classes are {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", ..." : "")}."
        : null;

    internal override IEnumerable<string> Errors() => Weights is null ? [None] : Errors(Weights.Select(pair => ($"'{pair.Key}'", pair.Value)));

    private protected override string Describe() => $"class weights {string.Join(", ", Weights.Select(pair => $"{pair.Key} {Text(pair.Value)}"))}";
}

/// <summary>What <see cref="ClassWeights.Balanced"/> makes.</summary>
public sealed record BalancedClassWeights : ClassWeights
{
    internal override double[] For(IReadOnlyList<string> names, double[] counts)
    {
        double rows = counts.Sum();
        int classes = counts.Count(count => count > 0);
        return [.. counts.Select(count => count > 0 ? rows / (classes * count) : 1)];
    }

    internal override IEnumerable<string> Errors() => [];

    private protected override string Describe() => "balanced class weights";
}
