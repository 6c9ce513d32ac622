namespace CnnMlNet.Images;

/// <summary>How the values of an image lie in a batch: channel by channel [C, H, W], or pixel by pixel [H, W, C].</summary>
internal readonly record struct Raster(int Channels, int Height, int Width, bool ChannelsLast)
{
    public int Pixels => Height * Width;

    public int Size => Channels * Pixels;

    /// <summary>From a channel to the next.</summary>
    public int ChannelStride => ChannelsLast ? 1 : Pixels;

    /// <summary>From a pixel to the next.</summary>
    public int PixelStride => ChannelsLast ? Channels : 1;

    /// <summary>Parts of an image that are a height, a width and <see cref="PixelStride"/> values each.</summary>
    public int Planes => ChannelsLast ? 1 : Channels;

    /// <summary>The values of the pixels of a box in one of its rows.</summary>
    public Span<float> Part(Span<float> image, int plane, int row, Box box) =>
        image.Slice((plane * Pixels + row * Width + box.Left) * PixelStride, box.Width * PixelStride);
}

/// <summary>A rectangle of an image.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width)
{
    /// <summary>A rectangle about a pixel, of which only what lies in the image is left.</summary>
    public static Box Around(int row, int column, int height, int width, Raster raster)
    {
        int top = Math.Max(0, row - height / 2), left = Math.Max(0, column - width / 2);
        int bottom = Math.Min(raster.Height, row - height / 2 + height), right = Math.Min(raster.Width, column - width / 2 + width);
        return new Box(top, left, Math.Max(0, bottom - top), Math.Max(0, right - left));
    }

    public void Fill(Span<float> image, Raster raster, float value)
    {
        for (int plane = 0; plane < raster.Planes; plane++)
        {
            for (int row = Top; row < Top + Height; row++) raster.Part(image, plane, row, this).Fill(value);
        }
    }

    public void Copy(Span<float> from, Span<float> to, Raster raster)
    {
        for (int plane = 0; plane < raster.Planes; plane++)
        {
            for (int row = Top; row < Top + Height; row++) raster.Part(from, plane, row, this).CopyTo(raster.Part(to, plane, row, this));
        }
    }
}
