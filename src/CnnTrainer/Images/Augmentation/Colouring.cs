using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>The values a column can have: a step does not leave them.</summary>
internal readonly record struct ValueRange(float Least, float Most)
{
    public static ValueRange Bytes { get; } = new(byte.MinValue, byte.MaxValue);

    public static ValueRange Any { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    public float Clamp(float value) => Math.Clamp(value, Least, Most);
}

/// <summary>Changes the values of images where they are.</summary>
internal interface IColour
{
    double Strength { get; }

    /// <summary>Brings values nearer to or farther from what they are measured against.</summary>
    void Apply(Span<float> image, Raster raster, ValueRange range, float factor);
}

/// <summary>What <see cref="Augment.Brightness"/> makes.</summary>
public sealed record BrightnessAugment : Augment, IColour
{
    /// <summary>How far the factor is from 1 at most.</summary>
    public required double Strength { get; init; }

    void IColour.Apply(Span<float> image, Raster raster, ValueRange range, float factor)
    {
        foreach (ref float value in image) value = range.Clamp(value * factor);
    }

    private protected override string Describe() => $"brightness {Text(Strength)}";

    internal override IEnumerable<string> Errors() => OutOfRange("strength", Strength, 0, 10, without: true);
}

/// <summary>What <see cref="Augment.Contrast"/> makes.</summary>
public sealed record ContrastAugment : Augment, IColour
{
    /// <summary>How far the factor is from 1 at most.</summary>
    public required double Strength { get; init; }

    void IColour.Apply(Span<float> image, Raster raster, ValueRange range, float factor)
    {
        double sum = 0;
        if (raster.Channels == Grey.Channels)
        {
            for (int pixel = 0; pixel < raster.Pixels; pixel++) sum += Grey.Of(image, raster, pixel);
        }
        else
        {
            foreach (float value in image) sum += (double)value / raster.Channels;
        }

        float shift = (float)(sum / raster.Pixels) * (1 - factor);
        foreach (ref float value in image) value = range.Clamp(value * factor + shift);
    }

    private protected override string Describe() => $"contrast {Text(Strength)}";

    internal override IEnumerable<string> Errors() => OutOfRange("strength", Strength, 0, 10, without: true);
}

/// <summary>What <see cref="Augment.Saturation"/> makes.</summary>
public sealed record SaturationAugment : Augment, IColour
{
    /// <summary>How far the factor is from 1 at most.</summary>
    public required double Strength { get; init; }

    void IColour.Apply(Span<float> image, Raster raster, ValueRange range, float factor)
    {
        for (int pixel = 0; pixel < raster.Pixels; pixel++)
        {
            float shift = Grey.Of(image, raster, pixel) * (1 - factor);
            for (int channel = 0, at = pixel * raster.PixelStride; channel < Grey.Channels; channel++, at += raster.ChannelStride)
                image[at] = range.Clamp(image[at] * factor + shift);
        }
    }

    private protected override string Describe() => $"saturation {Text(Strength)}";

    internal override IEnumerable<string> Errors() => OutOfRange("strength", Strength, 0, 10, without: true);

    internal override string? Misfit(Raster images) => images.Channels == Grey.Channels ? null : $"'{this}' needs three channels, red, green and blue";
}

/// <summary>The brightness of a pixel of red, green and blue: ITU-R recommendation BT.601, as libraries for images round it.</summary>
internal static class Grey
{
    public const int Channels = 3;

    public static float Of(ReadOnlySpan<float> image, Raster raster, int pixel)
    {
        int red = pixel * raster.PixelStride, green = red + raster.ChannelStride, blue = green + raster.ChannelStride;
        return Of(image[red], image[green], image[blue]);
    }

    public static float Of(float red, float green, float blue) => 0.2989f * red + 0.587f * green + 0.114f * blue;
}
