using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Makes a value of a field's text; false where that is no such value.</summary>
internal delegate bool FieldParser<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>How fields are read, the same in every culture.</summary>
internal static class FieldParser
{
    private static readonly (DataKind Kind, Type Raw, Delegate Parser)[] All =
    [
        Of<sbyte>(DataKind.SByte, Integer), Of<byte>(DataKind.Byte, Integer), Of<short>(DataKind.Int16, Integer), Of<ushort>(DataKind.UInt16, Integer),
        Of<int>(DataKind.Int32, Integer), Of<uint>(DataKind.UInt32, Integer), Of<long>(DataKind.Int64, Integer), Of<ulong>(DataKind.UInt64, Integer),
        Of<float>(DataKind.Single, Real), Of<double>(DataKind.Double, Real), Of<bool>(DataKind.Boolean, Boolean),
        Of<ReadOnlyMemory<char>>(DataKind.String, Text),
    ];

    public static DataKind KindOf(PrimitiveDataViewType item) => Array.Find(All, known => known.Raw == item.RawType) is { Parser: not null } found
        ? found.Kind
        : throw new NotSupportedException($"Columns of {item} are not read from text here.");

    public static PrimitiveDataViewType TypeOf(DataKind kind) => Array.Find(All, known => known.Kind == kind) is { Parser: not null } found
        ? ColumnTypes.Primitive(found.Raw)
        : throw new NotSupportedException($"Columns of {kind} are not read from text here.");

    public static FieldParser<T> For<T>() => (FieldParser<T>)Array.Find(All, known => known.Raw == typeof(T)).Parser;

    private static (DataKind, Type, Delegate) Of<T>(DataKind kind, FieldParser<T> parser) => (kind, typeof(T), parser);

    private static bool Integer<T>(ReadOnlyMemory<char> text, out T value) where T : IBinaryInteger<T> =>
        T.TryParse(text.Span, NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value!);

    /// <summary>What is no number is missing, and so not a number.</summary>
    private static bool Real<T>(ReadOnlyMemory<char> text, out T value) where T : IFloatingPointIeee754<T>
    {
        if (!T.TryParse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out value!)) value = T.NaN;
        return true;
    }

    private static bool Boolean(ReadOnlyMemory<char> text, out bool value)
    {
        var word = text.ToString().ToLowerInvariant();
        value = word is "t" or "y" or "1" or "+" or "+1" or "yes" or "true";
        return value || word is "f" or "n" or "0" or "-" or "-1" or "no" or "false";
    }

    private static bool Text(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }
}
