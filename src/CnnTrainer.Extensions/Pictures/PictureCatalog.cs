using System.Globalization;
using System.Runtime.InteropServices;
using CnnMlNet;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts pictures of a view's images on the MLContext.</summary>
public static class PictureCatalog
{
    /// <summary>
    /// Draws the images of a view's first rows side by side. Under each stand the values of some columns, as <c>3:5</c>; in red, where they are not all the same.
    /// </summary>
    /// <remarks>Bytes are drawn from 0 (black) to 255 (white). So are numbers of 0 to 255, unless all of them are within 0 and 1: then 1 is white. Where some are outside
    /// 0 to 255, as after standard scaling, the smallest and the largest number drawn are black and white.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; it is read as far as images are drawn.</param>
    /// <param name="rows">Rows of images, at least 1; fewer where the data end.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="featureColumnName">The images: a vector of Single or Byte with the dimensions [C, H, W] or [H, W]; 1 or 3 channels. Default <c>Features</c>.</param>
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
        var pixels = PixelColumn.Find(data.Schema, featureColumnName, null, interleaved: false);
        var shape = pixels.Format.Shape;
        if (shape.Channels is not (1 or 3))
            throw Columns.Mismatch($"The feature column '{featureColumnName}' has images of {shape} (channels x height x width): 1 channel (grey) or 3 (red, green, blue) can be drawn.");
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
        return min < 0 || max > 255 ? (min, max) : (0, max > 1 ? 255 : 1);
    }

    /// <summary>Reads a column of the row that the cursor is at as invariant text.</summary>
    private static Func<string> CaptionReader(DataViewRow cursor, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType) return KeyReader(cursor, column);
        return column.Type.RawType switch
        {
            _ when column.Type is VectorDataViewType => throw Unfit(),
            var type when type == typeof(ReadOnlyMemory<char>) => Reader<ReadOnlyMemory<char>>(text => text.ToString()),
            var type when type == typeof(bool) => Reader<bool>(value => value ? "True" : "False"),
            var type when type == typeof(float) => Number<float>(),
            var type when type == typeof(double) => Number<double>(),
            var type when type == typeof(byte) => Number<byte>(),
            var type when type == typeof(sbyte) => Number<sbyte>(),
            var type when type == typeof(short) => Number<short>(),
            var type when type == typeof(ushort) => Number<ushort>(),
            var type when type == typeof(int) => Number<int>(),
            var type when type == typeof(uint) => Number<uint>(),
            var type when type == typeof(long) => Number<long>(),
            var type when type == typeof(ulong) => Number<ulong>(),
            _ => throw Unfit(),
        };

        ArgumentOutOfRangeException Unfit() => Columns.Mismatch($"The caption column '{column.Name}' is {column.Type}; text, a key, a Boolean or a number is needed.");

        Func<string> Number<T>() where T : IFormattable => Reader<T>(value => value.ToString(value is float or double ? "0.####" : null, CultureInfo.InvariantCulture));

        Func<string> Reader<T>(Func<T, string> text) => Getter(cursor, column, text);
    }

    private static Func<string> KeyReader(DataViewRow cursor, DataViewSchema.Column column)
    {
        var names = ClassLabels.Of(column).Values;
        return column.Type.RawType switch
        {
            var type when type == typeof(byte) => Getter<byte>(cursor, column, key => Name(key)),
            var type when type == typeof(ushort) => Getter<ushort>(cursor, column, key => Name(key)),
            var type when type == typeof(uint) => Getter<uint>(cursor, column, key => Name(key)),
            _ => Getter<ulong>(cursor, column, Name),
        };

        string Name(ulong key) => key == 0 ? "?" : names[(int)key - 1];   // 0 is a missing key
    }

    private static Func<string> Getter<T>(DataViewRow cursor, DataViewSchema.Column column, Func<T, string> text)
    {
        var getter = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return text(value);
        };
    }
}
