using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of images; 0 x 0 where each row may have its own size.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    public readonly int Height;
    public readonly int Width;

    public ImageDataViewType() : base(typeof(MLImage)) { }

    public ImageDataViewType(int height, int width) : base(typeof(MLImage))
    {
        Check.Parameter(height > 0, nameof(height), "An image is 1 pixel high or more.");
        Check.Parameter(width > 0, nameof(width), "An image is 1 pixel wide or more.");
        Check.Parameter((long)height * width <= int.MaxValue / 4, nameof(height), $"{height} x {width} pixels do not fit into one array.");
        (Height, Width) = (height, width);
    }

    public override bool Equals(DataViewType? other) => other is ImageDataViewType image && (image.Height, image.Width) == (Height, Width);

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override string ToString() => Height == 0 && Width == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
