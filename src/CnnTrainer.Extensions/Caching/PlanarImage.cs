using Microsoft.ML.Data;

namespace CnnMlNet;

/// <summary>Makes ML.NET's images of bytes as the trainer keeps them.</summary>
internal static class PlanarImage
{
    private const int PixelBytes = 4;

    /// <summary>An opaque image; the caller disposes it.</summary>
    /// <param name="planes">[C, H, W]: red, green and blue, or grey.</param>
    /// <param name="shape">1 or 3 channels, and the size.</param>
    public static MLImage Of(ReadOnlySpan<byte> planes, ImageShape shape)
    {
        int size = shape.Height * shape.Width, green = shape.Channels == 1 ? 0 : size, blue = 2 * green;
        var pixels = new byte[size * PixelBytes];
        for (int i = 0; i < size; i++)
        {
            var pixel = pixels.AsSpan(i * PixelBytes, PixelBytes);
            (pixel[0], pixel[1], pixel[2], pixel[3]) = (planes[blue + i], planes[green + i], planes[i], byte.MaxValue);
        }

        return MLImage.CreateFromPixels(shape.Width, shape.Height, MLPixelFormat.Bgra32, pixels);
    }
}
