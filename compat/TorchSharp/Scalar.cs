using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any element type, as operators take it.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(long value) => (Tag, Bits) = (Tag.Int, value);

    private Scalar(double value) => (Tag, Bits) = (Tag.Double, BitConverter.DoubleToInt64Bits(value));

    internal Tag Tag { get; }

    internal long Bits { get; }

    /// <summary>Whole numbers are Int64, all others Float64.</summary>
    public ScalarType Type => Tag == Tag.Int ? ScalarType.Int64 : ScalarType.Float64;

    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);

    /// <summary>Nothing to release here: the number is managed memory.</summary>
    public void Dispose() { }
}
