using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>The shape of one image: channels, height and width, stored channel by channel, row by row (CHW).</summary>
/// <param name="Channels">Number of channels: 1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values in one image: Channels * Height * Width.</summary>
    [JsonIgnore]
    public long Size => (long)Channels * Height * Width;

    /// <summary>The shape as text, for example <c>1 x 28 x 28</c>.</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
