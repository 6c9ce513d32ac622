using System.Globalization;
using CnnMlNet;
using CnnMlNet.Heads;
using CnnMlNet.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts pictures of a view's images on the MLContext.</summary>
public static partial class PictureCatalog
{
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
        var images = ViewImages.Find(data.Schema, featureColumnName);
        var captions = captionColumnNames.Select(name => Columns.Any(data.Schema, "caption", name)).ToList();
        var drawn = Read(data, images, captions, (long)rows * columns);
        var (min, max) = images.Range([.. drawn.Select(row => row.Image)]);
        return Pictures.Images([.. drawn.Select(row => PictureTile.OfImage(
            row.Image, images.Shape, string.Join(':', row.Captions), min, max, isWrong: row.Captions.Distinct().Count() > 1))], columns);
    }

    /// <param name="data">The rows.</param>
    /// <param name="images">The images.</param>
    /// <param name="captions">What stands under them.</param>
    /// <param name="most">How many rows are read at most.</param>
    /// <param name="map">A vector to read beside each image; null for none.</param>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    private static List<(float[] Image, string[] Captions, float[] Map)> Read(
        IDataView data, ViewImages images, List<DataViewSchema.Column> captions, long most, DataViewSchema.Column? map = null)
    {
        DataViewSchema.Column[] read = [images.Column, .. captions, .. map is { } asked ? [asked] : Array.Empty<DataViewSchema.Column>()];
        using var cursor = data.GetRowCursor(read.DistinctBy(column => column.Index));
        var (readImage, readMap) = (images.Reader(cursor), map is { } column ? cursor.GetGetter<VBuffer<float>>(column) : null);
        var texts = captions.Select(column => CaptionReader(cursor, column)).ToList();
        var drawn = new List<(float[], string[], float[])>();
        VBuffer<float> values = default;
        while (drawn.Count < most && cursor.MoveNext())
        {
            readMap?.Invoke(ref values);
            drawn.Add((readImage(), [.. texts.Select(text => text())], [.. values.DenseValues()]));
        }

        return drawn.Count > 0 ? drawn : throw new InvalidOperationException("There are no rows to draw.");
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
