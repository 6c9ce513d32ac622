using System.Globalization;
using System.Runtime.InteropServices;
using CnnMlNet;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Puts pictures of a view's images on the MLContext.</summary>
public static class PictureCatalog
{
    private const int PhotographSize = 128;

    /// <summary>
    /// Draws the images of a view's first rows side by side. Under each stand the values of some columns, as <c>3:5</c>; in red, where they are not
    /// all the same.
    /// </summary>
    /// <remarks>Bytes, and whole numbers of 0 to 255, are drawn from 0 (black) to 255 (white); numbers that all are within 0 and 1 from 0 to 1. Of
    /// others, as after standard scaling, the smallest and the largest that are drawn are black and white.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; it is read as far as images are drawn.</param>
    /// <param name="rows">Rows of images, at least 1; fewer where the data end.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="featureColumnName">The images: a vector of Single or Byte with the dimensions [C, H, W] or [H, W], of 1 or 3 channels; or a column of
    /// images, which are drawn whole in squares of 128 x 128 pixels, or the size that the column says. Default <c>Features</c>.</param>
    /// <param name="captionColumnNames">What stands under each image: columns of text, keys (their values), Booleans or numbers. With
    /// <c>"PredictedDigit", "Label"</c> it reads <c>predicted:true</c>. Default nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, the images have no shape or neither 1 nor 3 channels, or there are
    /// fewer than 1 row or column.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <exception cref="InvalidDataException">An image has another length or a value that is not finite.</exception>
    public static SvgPicture DrawImages(
        this DataOperationsCatalog catalog, IDataView data, int rows, int columns, string featureColumnName = "Features", params string[] captionColumnNames)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(captionColumnNames);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var type = data.Schema.GetColumnOrNull(featureColumnName)?.Type;
        ImageShape? size = type is ImageDataViewType { Height: 0 } ? new ImageShape(3, PhotographSize, PhotographSize) : null;
        var pixels = PixelColumn.Find(data.Schema, featureColumnName, size, interleaved: false, ImageResizing.Pad);
        var shape = pixels.Format.Shape;
        if (shape.Channels is not (1 or 3))
        {
            throw Columns.Mismatch($"The feature column '{featureColumnName}' has images of {shape} (channels x height x width): " +
                "1 channel (grey) or 3 (red, green, blue) can be drawn.");
        }

        var captions = captionColumnNames.Select(name => Columns.Any(data.Schema, "caption", name)).ToList();
        var drawn = Read(data, pixels, captions, (long)rows * columns);
        if (drawn.Count == 0) throw new InvalidOperationException("There are no rows to draw.");
        var (min, max) = Range(pixels.Format.Type, drawn);
        return Pictures.Images([.. drawn.Select(row => PictureTile.OfImage(
            row.Image, shape, string.Join(':', row.Captions), min, max, isWrong: row.Captions.Distinct().Count() > 1))], columns);
    }

    private static List<(float[] Image, string[] Captions)> Read(IDataView data, PixelColumn pixels, List<DataViewSchema.Column> captions, long most)
    {
        using var cursor = data.GetRowCursor([.. captions.Append(pixels.Column).DistinctBy(column => column.Index)]);
        var read = pixels.Reader(cursor);
        var texts = captions.Select(column => CaptionReader(cursor, column)).ToList();
        var row = new byte[pixels.Format.RowBytes];
        var drawn = new List<(float[], string[])>();
        while (drawn.Count < most && cursor.MoveNext())
        {
            read(row);
            float[] image = pixels.Format.Type == PixelType.Byte ? [.. row.Select(value => (float)value)] : MemoryMarshal.Cast<byte, float>(row).ToArray();
            drawn.Add((image, [.. texts.Select(text => text())]));
        }

        return drawn;
    }

    private static (float Min, float Max) Range(PixelType type, List<(float[] Image, string[] Captions)> drawn)
    {
        float min = drawn.Min(row => row.Image.Min()), max = drawn.Max(row => row.Image.Max());
        if (type == PixelType.Byte) return (0, 255);
        if (min >= 0 && max <= 1) return (0, 1);
        return min >= 0 && max <= 255 && drawn.All(row => row.Image.All(float.IsInteger)) ? (0, 255) : (min, max);
    }

    /// <summary>Reads a column of the row that the cursor is at as invariant text.</summary>
    private static Func<string> CaptionReader(DataViewRow cursor, DataViewSchema.Column column)
    {
        var read = AnyValue.Reader(cursor, column, "caption");
        var names = column.Type is KeyDataViewType ? ClassLabels.Of(column).Values : null;
        return () => read() switch
        {
            var key when names is not null => Convert.ToInt32(key, CultureInfo.InvariantCulture) is > 0 and var number ? names[number - 1] : "?",   // none
            IFormattable number and (float or double) => number.ToString("0.####", CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}
