using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>
/// What a convolution adds around its input: a number of rows and columns on every side (<c>padding: 2</c>, <c>padding: (2, 1)</c>), or as
/// many as keep the size (<see cref="Same"/>). Immutable; thread safe.
/// </summary>
[JsonConverter(typeof(PaddingConverter))]
public readonly record struct Padding
{
    private Padding(Size2D size, bool isSame) => (Size, IsSame) = (size, isSame);

    /// <summary>
    /// The output keeps the height and width of the input; for a stride of 1. Of an odd number of rows or columns in all the bottom and the
    /// right get the larger half, as in PyTorch's <c>padding='same'</c>.
    /// </summary>
    public static Padding Same { get; } = new(0, true);

    /// <summary>Rows above and below, columns left and right; 0 for <see cref="Same"/>.</summary>
    public Size2D Size { get; }

    /// <summary>Whether this is <see cref="Same"/>.</summary>
    public bool IsSame { get; }

    /// <summary>As many rows as columns.</summary>
    public static implicit operator Padding(int side) => new(side, false);

    /// <summary>A (rows, columns) pair.</summary>
    public static implicit operator Padding((int Height, int Width) pair) => new(pair, false);

    /// <summary>A size.</summary>
    public static implicit operator Padding(Size2D size) => new(size, false);

    /// <summary><c>same</c>, or the size.</summary>
    public override string ToString() => IsSame ? "same" : Size.ToString();
}

/// <summary>In files: "same", or as a <see cref="Size2D"/>.</summary>
internal sealed class PaddingConverter : JsonConverter<Padding>
{
    public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) return JsonSerializer.Deserialize<Size2D>(ref reader, options);
        return reader.GetString() == "same" ? Padding.Same : throw new JsonException("a padding is a number, [rows, columns] or \"same\"");
    }

    public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
    {
        if (value.IsSame) writer.WriteStringValue("same");
        else JsonSerializer.Serialize(writer, value.Size, options);
    }
}
