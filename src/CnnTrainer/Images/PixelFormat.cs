namespace CnnMlNet.Images;

/// <summary>What a pixel column's numbers are.</summary>
internal enum PixelType
{
    Single,
    Byte,
}

/// <summary>
/// How an image lies in memory as it came: one after the other by channel [C, H, W], or by pixel [H, W, C] where interleaved. A vector column's
/// numbers are that; of a column of images, whatever their size, resizing makes it.
/// </summary>
internal sealed record PixelFormat(ImageShape Shape, PixelType Type, bool Interleaved, ImageResizing? Resizing = null)
{
    public int RowBytes => checked((int)(Shape.Size * (Type == PixelType.Byte ? sizeof(byte) : sizeof(float))));

    public Raster Raster => new(Shape.Channels, Shape.Height, Shape.Width, Interleaved);

    /// <summary>Whether the column is one of images, not of vectors.</summary>
    public bool IsOfImages => Resizing is not null;

    /// <summary>The dimensions of a vector column.</summary>
    public int[] Dimensions => Interleaved ? [Shape.Height, Shape.Width, Shape.Channels] : [Shape.Channels, Shape.Height, Shape.Width];

    /// <summary>The same images of another kind of column, in words.</summary>
    public string Kind => IsOfImages ? "images (ImageDataViewType)" : $"vectors of {Type}";
}
