using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Checks that columns hold images.</summary>
internal static class ImageColumns
{
    internal static SchemaShape.Column FindImage(this SchemaShape shape, string name)
    {
        var column = Check.Find(shape, name);
        return column.ItemType is ImageDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column : throw Check.Mismatch(name, "an image", column.GetTypeString());
    }

    internal static ImageDataViewType ImageType(this DataViewSchema.Column column) =>
        column.Type as ImageDataViewType ?? throw Check.Mismatch(column.Name, "an image", $"{column.Type}");

    /// <summary>A getter of the images made of a column's images; null, which stands for no image, stays null. The last image made is disposed.</summary>
    internal static ValueGetter<MLImage> Map(DataViewRow input, DataViewSchema.Column column, Func<MLImage, MLImage> map)
    {
        var get = input.GetGetter<MLImage>(column);
        MLImage source = null!;
        return (ref to) =>
        {
            to?.Dispose();
            get(ref source);
            to = source is null ? null! : map(source);
        };
    }
}
