using System.Globalization;
using System.Text.Json.Serialization;
using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>How long gradients may get before a step. Immutable; thread safe. Made by the methods of this class.</summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(NormClipping), "norm")]
[JsonDerivedType(typeof(ValueClipping), "value")]
public abstract record GradientClipping
{
    private protected GradientClipping() { }

    /// <summary>
    /// All gradients shrink together where their norm, the root of the sum of the squares of all their values, is larger (Pascanu, Mikolov
    /// and Bengio 2013): gradient *= min(1, maxNorm / (norm + 1e-6)). Weights that do not learn (frozen ones) do not count.
    /// </summary>
    /// <param name="maxNorm">The largest norm; greater than 0, at most 1e6.</param>
    public static GradientClipping ByNorm(double maxNorm) => new NormClipping { MaxNorm = maxNorm };

    /// <summary>Each value of a gradient is held within -maxValue to maxValue.</summary>
    /// <param name="maxValue">The largest value; greater than 0, at most 1e6.</param>
    public static GradientClipping ByValue(double maxValue) => new ValueClipping { MaxValue = maxValue };

    /// <summary>Clips gradients in place. Nothing is read back from the device.</summary>
    internal abstract void Clip(IReadOnlyList<Tensor> gradients);

    /// <summary>What is out of range, one sentence each.</summary>
    internal abstract IEnumerable<string> Errors();

    private protected static IEnumerable<string> Errors(string what, double most) => most is > 0 and <= 1e6
        ? [] : [string.Create(CultureInfo.InvariantCulture, $"GradientClipping: the largest {what} is {most}; it must be greater than 0 and at most 1e6.")];
}

/// <summary>What <see cref="GradientClipping.ByNorm"/> makes.</summary>
public sealed record NormClipping : GradientClipping
{
    /// <summary>The largest norm of all gradients together.</summary>
    public required double MaxNorm { get; init; }

    /// <summary><c>gradients clipped to norm 1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gradients clipped to norm {MaxNorm}");

    internal override void Clip(IReadOnlyList<Tensor> gradients)
    {
        if (gradients.Count == 0) return;
        using Scalar most = MaxNorm, epsilon = 1e-6;
        var norm = stack(gradients.Select(gradient => gradient.mul(gradient).sum())).sum().sqrt();
        var factor = ones_like(norm).mul_(most).div_(norm.add_(epsilon)).clamp_(null, Scalars.One);
        foreach (var gradient in gradients) gradient.mul_(factor);
    }

    internal override IEnumerable<string> Errors() => Errors("norm", MaxNorm);
}

/// <summary>What <see cref="GradientClipping.ByValue"/> makes.</summary>
public sealed record ValueClipping : GradientClipping
{
    /// <summary>The largest value of a gradient, without its sign.</summary>
    public required double MaxValue { get; init; }

    /// <summary><c>gradients clipped to values of 1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gradients clipped to values of {MaxValue}");

    internal override void Clip(IReadOnlyList<Tensor> gradients)
    {
        using Scalar least = -MaxValue, most = MaxValue;
        foreach (var gradient in gradients) gradient.clamp_(least, most);
    }

    internal override IEnumerable<string> Errors() => Errors("value", MaxValue);
}
