using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One argument of an operator. It refers to the owner of its handle, so nothing is collected during the call.</summary>
internal readonly struct Arg
{
    private readonly Tag _tag;
    private readonly long _bits;
    private readonly object? _object;

    private Arg(Tag tag, long bits = 0, object? value = null) => (_tag, _bits, _object) = (tag, bits, value);

    internal static Arg None => default;

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Arg(long value) => new(Tag.Int, value);
    public static implicit operator Arg(long? value) => value is { } number ? new(Tag.Int, number) : default;
    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } number ? number : default(Arg);
    public static implicit operator Arg(ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Arg(ScalarType? value) => value is { } type ? type : default(Arg);
    public static implicit operator Arg(nn.Reduction value) => new(Tag.Int, (long)value);
    public static implicit operator Arg(Device? value) => value is null ? default : new(Tag.Device, value.Code);
    public static implicit operator Arg(Scalar? value) => value is null ? default : new(value.Tag, value.Bits);
    public static implicit operator Arg(Tensor? value) => value is null ? default : new(Tag.Tensor, 0, value);
    public static implicit operator Arg(Generator? value) => value is null ? default : new(Tag.Generator, 0, value);
    public static implicit operator Arg(string? value) => value is null ? default : new(Tag.String, 0, value);
    public static implicit operator Arg(long[]? value) => value is null ? default : new(Tag.IntList, value.Length, value);
    public static implicit operator Arg(Tensor[] value) => new(Tag.TensorList, value.Length, value);

    /// <summary>The 8-byte words that the argument needs beside its own 24 bytes.</summary>
    internal long Words => _object switch
    {
        null or Tensor => 0,
        string text => (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) / 8,
        Array => _bits,
        _ => 0,
    };

    /// <summary>Writes the argument; lists and text go to <paramref name="words"/>. Returns the first word left free.</summary>
    internal unsafe long* Write(NativeValue* to, long* words)
    {
        to->Tag = _tag;
        to->Bits = _bits;
        switch (_object)
        {
            case null:
                return words;
            case Tensor tensor:
                to->Bits = tensor.Handle;
                return words;
            case Generator generator:
                to->Bits = generator.Handle;
                return words;
            case string text:
                to->Bits = (long)words;
                to->Count = Encoding.UTF8.GetBytes(text, new Span<byte>(words, checked((int)Words * 8)));
                return words + Words;
            case long[] numbers:
                numbers.CopyTo(new Span<long>(words, numbers.Length));
                break;
            case Tensor[] tensors:
                for (int i = 0; i < tensors.Length; i++) words[i] = tensors[i].Handle;
                break;
        }
        to->Bits = (long)words;
        to->Count = _bits;
        return words + _bits;
    }
}
