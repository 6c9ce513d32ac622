using System.Runtime.InteropServices;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet;

/// <summary>The images of a view that can be drawn: of 1 or 3 channels.</summary>
/// <param name="pixels">Their column.</param>
internal sealed class ViewImages(PixelColumn pixels)
{
    private const int PhotographSize = 128;

    public DataViewSchema.Column Column => pixels.Column;

    public ImageShape Shape => pixels.Format.Shape;

    /// <param name="schema">Schema of the rows.</param>
    /// <param name="name">The column.</param>
    /// <param name="height">Height of photographs without a size; with the width, null for a square of 128 pixels.</param>
    /// <param name="width">Their width.</param>
    /// <param name="resizing">How they get it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type, or its images have no shape or neither 1 nor 3 channels.</exception>
    public static ViewImages Find(DataViewSchema schema, string name, int? height = null, int? width = null, ImageResizing resizing = ImageResizing.Pad)
    {
        bool isWithoutSize = schema.GetColumnOrNull(name)?.Type is ImageDataViewType { Height: 0 };
        ImageShape? size = isWithoutSize ? new ImageShape(3, height ?? PhotographSize, width ?? PhotographSize) : null;
        var found = new ViewImages(PixelColumn.Find(schema, name, size, interleaved: false, resizing));
        return found.Shape.Channels is 1 or 3 ? found : throw Columns.Mismatch(
            $"The feature column '{name}' has images of {found.Shape} (channels x height x width): 1 channel (grey) or 3 (red, green, blue) can be drawn.");
    }

    /// <summary>Reads the image of the row that a cursor is at, [channels, height, width].</summary>
    public Func<float[]> Reader(DataViewRow cursor)
    {
        var (read, row) = (pixels.Reader(cursor), new byte[pixels.Format.RowBytes]);
        return () =>
        {
            read(row);
            return pixels.Format.Type == PixelType.Byte ? [.. row.Select(value => (float)value)] : MemoryMarshal.Cast<byte, float>(row).ToArray();
        };
    }

    /// <summary>What is drawn black and white.</summary>
    public (float Min, float Max) Range(IReadOnlyList<float[]> images)
    {
        float min = images.Min(image => image.Min()), max = images.Max(image => image.Max());
        if (pixels.Format.Type == PixelType.Byte) return (0, 255);
        if (min >= 0 && max <= 1) return (0, 1);
        return min >= 0 && max <= 255 && images.All(image => image.All(float.IsInteger)) ? (0, 255) : (min, max);
    }
}
