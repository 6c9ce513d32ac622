using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>The shape of one image: channels, height and width. Immutable; thread safe.</summary>
/// <param name="Channels">Number of channels: 1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    private const long MostValues = 1L << 28;   // 1 GiB as float32

    /// <summary>Number of values in one image: Channels * Height * Width.</summary>
    /// <exception cref="OverflowException">The number does not fit 64 bits.</exception>
    [JsonIgnore]
    public long Size => checked((long)Channels * Height * Width);

    /// <summary>The shape as text, for example <c>1 x 28 x 28</c>.</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";

    /// <summary>What is wrong with the shape; null where nothing is.</summary>
    internal string? Error => Channels < 1 || Height < 1 || Width < 1
        ? $"{this}; channels, height and width must be at least 1"
        : (double)Channels * Height * Width > MostValues ? FormattableString.Invariant($"{this}; an image can have at most {MostValues:N0} values") : null;

    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    internal void Check()
    {
        if (Error is { } error) throw new ArgumentException($"The image shape is {error}.");
    }
}
