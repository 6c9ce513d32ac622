using System.Text.Json.Serialization;
using TorchSharp;
using static System.FormattableString;

namespace CnnMlNet;

/// <summary>
/// First values of weights, given to a layer (<see cref="Layer.Initialized"/>) or to all of a network (<see cref="CnnArchitecture.Initialized"/>)
/// where PyTorch's default, uniform in 1 / sqrt(fan in), is not wanted. Fan in and fan out count the values that a neuron of the layer sees and
/// those that see it: (channels / groups) * kernel height * kernel width and filters * kernel height * kernel width for a convolution, inputs
/// and outputs for a linear layer. Immutable; thread safe. Made by the methods of this class.
/// </summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(XavierInitializer), "xavier")]
[JsonDerivedType(typeof(HeInitializer), "he")]
[JsonDerivedType(typeof(ConstantInitializer), "constant")]
public abstract record Initializer
{
    private protected Initializer() { }

    /// <summary>Uniform in ± gain * sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010, formula 16): for sigmoid and tanh.</summary>
    /// <param name="gain">Times the bounds; greater than 0, finite. Default 1.</param>
    /// <exception cref="ArgumentException">The gain is out of its range.</exception>
    public static Initializer XavierUniform(double gain = 1) => new XavierInitializer { Gain = gain }.Checked();

    /// <summary>Normal with mean 0 and deviation gain * sqrt(2 / (fan in + fan out)) (Glorot and Bengio 2010).</summary>
    /// <param name="gain">Times the deviation; greater than 0, finite. Default 1.</param>
    /// <exception cref="ArgumentException">The gain is out of its range.</exception>
    public static Initializer XavierNormal(double gain = 1) => new XavierInitializer { Gain = gain, IsNormal = true }.Checked();

    /// <summary>Uniform in ± sqrt(6 / fan in) (He, Zhang, Ren and Sun 2015; Kaiming's in PyTorch, with ReLU's gain of sqrt(2)): for ReLU.</summary>
    public static Initializer HeUniform() => new HeInitializer();

    /// <summary>Normal with mean 0 and deviation sqrt(2 / fan in) (He, Zhang, Ren and Sun 2015, formula 10): for ReLU.</summary>
    public static Initializer HeNormal() => new HeInitializer { IsNormal = true };

    /// <summary>All zeros.</summary>
    public static Initializer Zeros() => Constant(0);

    /// <summary>All the same value.</summary>
    /// <param name="value">The value; finite as a 32-bit float.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public static Initializer Constant(double value) => new ConstantInitializer { Value = value }.Checked();

    /// <summary>The name and the setting: <c>He uniform</c>, <c>Xavier normal, gain 2</c>, <c>Constant 0</c>.</summary>
    public sealed override string ToString() => Describe();

    private protected abstract string Describe();

    /// <summary>First values for a weight of this shape, [outputs, inputs / groups, ...kernel].</summary>
    internal abstract FirstValues For(long[] shape);

    /// <summary>This initializer if its settings are in range; asked again of one that comes from a file.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal virtual Initializer Checked() => this;

    private protected static FirstValues Drawn(bool normal, double deviation)
    {
        double bound = Math.Sqrt(3) * deviation;   // the uniform distribution of that deviation
        return normal
            ? new FirstValues((tensor, random) => tensor.normal_(0, deviation, random))
            : new FirstValues((tensor, random) => tensor.uniform_(-bound, bound, random));
    }

    private protected static (double In, double Out) Fans(long[] shape)
    {
        double kernel = shape.Skip(2).Aggregate(1.0, (product, size) => product * size);
        return (shape[1] * kernel, shape[0] * kernel);
    }
}

/// <summary>What <see cref="Initializer.XavierUniform"/> and <see cref="Initializer.XavierNormal"/> make.</summary>
public sealed record XavierInitializer : Initializer
{
    /// <summary>Times the deviation.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Normal instead of uniform.</summary>
    public bool IsNormal { get; init; }

    private protected override string Describe() => (IsNormal ? "Xavier normal" : "Xavier uniform") + (Gain == 1 ? "" : Invariant($", gain {Gain}"));

    internal override FirstValues For(long[] shape)
    {
        var (fanIn, fanOut) = Fans(shape);
        return Drawn(IsNormal, Gain * Math.Sqrt(2 / (fanIn + fanOut)));
    }

    internal override Initializer Checked() => Gain > 0 && float.IsFinite((float)Gain)
        ? this
        : throw new ArgumentOutOfRangeException("gain", Gain, "must be greater than 0 and finite");
}

/// <summary>What <see cref="Initializer.HeUniform"/> and <see cref="Initializer.HeNormal"/> make.</summary>
public sealed record HeInitializer : Initializer
{
    /// <summary>Normal instead of uniform.</summary>
    public bool IsNormal { get; init; }

    private protected override string Describe() => IsNormal ? "He normal" : "He uniform";

    internal override FirstValues For(long[] shape) => Drawn(IsNormal, Math.Sqrt(2 / Fans(shape).In));
}

/// <summary>What <see cref="Initializer.Constant"/> and <see cref="Initializer.Zeros"/> make.</summary>
public sealed record ConstantInitializer : Initializer
{
    /// <summary>The value.</summary>
    public required double Value { get; init; }

    private protected override string Describe() => Invariant($"Constant {Value}");

    internal override FirstValues For(long[] shape) => new((tensor, _) =>
    {
        using Scalar value = Value;
        tensor.fill_(value);
    });

    internal override Initializer Checked() => float.IsFinite((float)Value)
        ? this
        : throw new ArgumentOutOfRangeException("value", Value, "must be finite as a 32-bit float");
}
