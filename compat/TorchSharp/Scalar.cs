using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any element type, as operators take it.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(Tag tag, long bits) => (Tag, Bits) = (tag, bits);

    private Scalar(long value) : this(Tag.Int, value) { }

    private Scalar(double value) : this(Tag.Double, BitConverter.DoubleToInt64Bits(value)) { }

    internal Tag Tag { get; }

    internal long Bits { get; }

    internal double AsDouble => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Tag == Tag.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>One of three: a bool, a whole number or a floating point number.</summary>
    public ScalarType Type => Tag switch { Tag.Double => ScalarType.Float64, Tag.Bool => ScalarType.Bool, _ => ScalarType.Int64 };

    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Scalar(byte value) => new(value);
    public static implicit operator Scalar(sbyte value) => new(value);
    public static implicit operator Scalar(short value) => new(value);
    public static implicit operator Scalar(int value) => new(value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new(value);
    public static implicit operator Scalar(double value) => new(value);

    /// <summary>Nothing to release here: the number is managed memory.</summary>
    public void Dispose() { }
}

/// <summary>Conversions from and to <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;

    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
    public static byte ToByte(this Scalar value) => (byte)value.AsInt64;
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsInt64;
    public static short ToInt16(this Scalar value) => (short)value.AsInt64;
    public static int ToInt32(this Scalar value) => (int)value.AsInt64;
    public static long ToInt64(this Scalar value) => value.AsInt64;
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
}
