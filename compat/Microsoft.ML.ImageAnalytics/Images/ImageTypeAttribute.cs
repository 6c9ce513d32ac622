using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes a member of type MLImage a column of images.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    public ImageTypeAttribute() { }

    public ImageTypeAttribute(int height, int width)
    {
        Check.Parameter(height > 0, nameof(height), "An image is 1 pixel high or more.");
        Check.Parameter(width > 0, nameof(width), "An image is 1 pixel wide or more.");
        (_height, _width) = (height, width);
    }

    public override bool Equals(DataViewTypeAttribute? other) => other is ImageTypeAttribute image && (image._height, image._width) == (_height, _width);

    public override int GetHashCode() => HashCode.Combine(_height, _width);

    /// <summary>As published, a member without a size is refused.</summary>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(_height, _width), typeof(MLImage), this);
}
