namespace CnnMlNet.Images;

/// <summary>What a pixel column's numbers are.</summary>
internal enum PixelType
{
    Single,
    Byte,
}

/// <summary>How an image lies in a row of its column: one after the other by channel [C, H, W], or by pixel [H, W, C] where interleaved.</summary>
internal sealed record PixelFormat(ImageShape Shape, PixelType Type, bool Interleaved)
{
    public int RowBytes => checked((int)(Shape.Size * (Type == PixelType.Byte ? sizeof(byte) : sizeof(float))));

    public Raster Raster => new(Shape.Channels, Shape.Height, Shape.Width, Interleaved);

    /// <summary>The dimensions of the column.</summary>
    public int[] Dimensions => Interleaved ? [Shape.Height, Shape.Width, Shape.Channels] : [Shape.Channels, Shape.Height, Shape.Width];
}
