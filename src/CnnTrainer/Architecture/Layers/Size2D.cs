using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>A height and a width in pixels; one number stands for both: <c>kernel: 5</c> or <c>kernel: (5, 3)</c>. Immutable; thread safe.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
[JsonConverter(typeof(Size2DConverter))]
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>The same height and width.</summary>
    public static implicit operator Size2D(int side) => new(side, side);

    /// <summary>A (height, width) pair.</summary>
    public static implicit operator Size2D((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>As LibTorch takes it.</summary>
    internal long[] ToArray() => [Height, Width];

    /// <summary><c>5</c>, or <c>5 x 3</c> where the two differ.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"{Height} x {Width}";
}

/// <summary>In files: a number, or [height, width] where the two differ.</summary>
internal sealed class Size2DConverter : JsonConverter<Size2D>
{
    public override Size2D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.GetInt32();
        var pair = JsonSerializer.Deserialize<int[]>(ref reader, options);
        return pair is [var height, var width] ? new Size2D(height, width) : throw new JsonException("a size is a number or [height, width]");
    }

    public override void Write(Utf8JsonWriter writer, Size2D value, JsonSerializerOptions options)
    {
        if (value.Height == value.Width)
        {
            writer.WriteNumberValue(value.Height);
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.Height);
        writer.WriteNumberValue(value.Width);
        writer.WriteEndArray();
    }
}
