using System.Runtime.InteropServices;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Images;

/// <summary>Copies the image of the row that a cursor is at, as it came.</summary>
internal delegate void PixelReader(Span<byte> row);

/// <summary>The column with the images: a vector of Single or Byte whose dimensions or options say the shape, or images of any size.</summary>
internal sealed record PixelColumn(DataViewSchema.Column Column, PixelFormat Format)
{
    /// <summary>The column that says where the images come from, as <c>ml.Data.LoadImageFolder</c> names it.</summary>
    public const string Paths = "ImagePath";

    private const int LeastPixels = 8;   // below this a size may well be a number of channels

    /// <summary>The column that says where the images come from, text; null where nothing says so.</summary>
    public DataViewSchema.Column? Path { get; init; }

    /// <summary>How many pixels an image may have before it gets its size.</summary>
    public long MostPixels { get; init; } = long.MaxValue;

    /// <summary>Finds the column and how its images lie.</summary>
    /// <param name="schema">Schema of the rows.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The shape that the options say; null for the column's own.</param>
    /// <param name="interleaved">How the numbers of a vector lie.</param>
    /// <param name="resizing">How images get their size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or does not fit what is expected.</exception>
    public static PixelColumn Find(DataViewSchema schema, string name, ImageShape? expected, bool interleaved, ImageResizing resizing = ImageResizing.Fill)
    {
        if (schema.GetColumnOrNull(name) is { Type: ImageDataViewType image } images)
            return interleaved ? throw Columns.Mismatch($"The feature column '{name}' holds images, whose channels lie as they must: leave Interleaved out of the options.")
                : new PixelColumn(images, new PixelFormat(ShapeOf(name, image, expected), PixelType.Byte, Interleaved: false, resizing));
        var (column, vector) = Columns.Vector(schema, name, "feature", NumberDataViewType.Single, NumberDataViewType.Byte);
        var type = vector.ItemType == NumberDataViewType.Byte ? PixelType.Byte : PixelType.Single;
        if (expected is { } asked && asked.Size != vector.Size)
        {
            throw Columns.Mismatch($"The feature column '{name}' has {vector.Size} values a row, but images of {asked} (channels x height x width) have {asked.Size}: " +
                "correct the ImageShape or the column.");
        }

        var shape = FromDimensions(name, vector, expected, interleaved) ?? expected ?? throw Columns.Mismatch(
            $"The feature column '{name}' is a plain vector of {vector.Size} values: say the shape of its images (ImageShape).");
        if (shape.Error is { } error) throw Columns.Mismatch($"The feature column '{name}' has images of {error}.");
        return new PixelColumn(column, new PixelFormat(shape, type, interleaved));
    }

    /// <summary>Finds the column of rows that are to be read as others were.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or has other images.</exception>
    public static PixelColumn Find(DataViewSchema schema, string name, PixelFormat format)
    {
        bool isOfImages = Columns.Any(schema, "feature", name).Type is ImageDataViewType;
        if (isOfImages != format.IsOfImages)
        {
            throw Columns.Mismatch(isOfImages
                ? $"The feature column '{name}' holds images, but the network was trained on {format.Kind}: make them as for training (see ResizeImages and ExtractPixels)."
                : $"The feature column '{name}' is {Columns.Any(schema, "feature", name).Type}, but the network was trained on {format.Kind}: give it the column of LoadImages.");
        }

        var found = Find(schema, name, format.Shape, format.Interleaved, format.Resizing ?? default);
        return found.Format == format ? found : throw Columns.Mismatch(
            $"The feature column '{name}' has {found.Format.Type} values, but the network was trained on {format.Type} values: " +
            $"convert them with ml.Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.{format.Type}).");
    }

    /// <summary>The same check as far as a <see cref="SchemaShape"/> knows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void Check(SchemaShape schema, string name)
    {
        if (Columns.Find(schema, "feature", name) is { Kind: SchemaShape.Column.VectorKind.Scalar, ItemType: ImageDataViewType }) return;
        Columns.Vector(schema, name, "feature", NumberDataViewType.Single, NumberDataViewType.Byte);
    }

    /// <summary>The column of a schema that says where the images come from; null where none does.</summary>
    public DataViewSchema.Column? PathIn(DataViewSchema schema) => Format.IsOfImages && schema.GetColumnOrNull(Paths) is { Type: TextDataViewType } path ? path : null;

    /// <summary>Reads where the image of the row comes from, as it moves; null where nothing says so.</summary>
    public Func<string?> PathReader(DataViewRow row)
    {
        if (Path is not { } column) return static () => null;
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.IsEmpty ? null : text.ToString();
        };
    }

    /// <summary>What messages say of the path of an image that cannot be used.</summary>
    public static string CameFrom(string? path) => path is null ? "" : $" It was to come from '{path}'.";

    /// <summary>Reads the images of a row as it moves.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rows">What the rows are for, in messages.</param>
    /// <param name="getter">A getter to use instead of the row's own; null for that.</param>
    public PixelReader Reader(DataViewRow row, string rows = "Row", Delegate? getter = null)
    {
        if (Format.Resizing is { } resizing)
        {
            Func<string?> file = CachedImages.Of(Column) is null ? PathReader(row) : static () => null;   // what is decoded already needs no look at its file
            return new ResizedRow(row, Column, Format.Shape, resizing, new ImageGuard(file, MostPixels), rows).CopyTo;
        }

        return Format.Type == PixelType.Byte ? Of<byte>() : Of<float>();

        PixelReader Of<T>() where T : unmanaged
        {
            var vector = new VectorRow<T>(row, Column, (int)Format.Shape.Size, rows, (ValueGetter<VBuffer<T>>?)getter);
            return bytes => vector.CopyTo(MemoryMarshal.Cast<byte, T>(bytes));
        }
    }

    private static ImageShape ShapeOf(string name, ImageDataViewType image, ImageShape? expected)
    {
        var shape = expected ?? (image is { Height: > 0, Width: > 0 } ? new ImageShape(3, image.Height, image.Width) : throw Columns.Mismatch(
            $"The feature column '{name}' holds images of any size: say the one that the network is to see, ImageShape = new ImageShape(3, 224, 224) in the options " +
            "(channels, height, width; 1 channel for grey)."));
        if (shape.Error is { } error) throw Columns.Mismatch($"The feature column '{name}' has images of {error}.");
        return shape.Channels is 1 or 3 ? shape : throw Columns.Mismatch(
            $"The feature column '{name}' holds images, which become 1 channel (grey) or 3 (red, green, blue), not the {shape.Channels} of the ImageShape {shape}.");
    }

    /// <summary>
    /// The shape that the dimensions say; null where they say none. The order of channels is never guessed: dimensions that read as
    /// [H, W, C] must be meant so.
    /// </summary>
    private static ImageShape? FromDimensions(string name, VectorDataViewType vector, ImageShape? expected, bool interleaved)
    {
        if (vector.Dimensions is [var rows, var columns]) return expected ?? new ImageShape(1, rows, columns);
        if (vector.Dimensions is not [var first, var second, var third]) return null;
        var (planar, pixels) = (new ImageShape(first, second, third), new ImageShape(third, first, second));
        var (shape, other) = interleaved ? (pixels, planar) : (planar, pixels);
        if (expected is null && shape.Channels >= LeastPixels && other.Channels is 1 or 3 or 4) throw OtherOrder(name, vector, interleaved);
        if (expected is not { } asked || asked == shape) return shape;
        if (asked != other) throw Columns.Mismatch($"The feature column '{name}' has images of {shape} (channels x height x width), not {asked}.");
        return asked.Channels == 1 ? asked : throw OtherOrder(name, vector, interleaved);   // one channel lies the same in both
    }

    private static ArgumentOutOfRangeException OtherOrder(string name, VectorDataViewType vector, bool interleaved)
    {
        var dimensions = $"The feature column '{name}' has the dimensions [{string.Join(", ", vector.Dimensions)}]";
        return Columns.Mismatch(interleaved
            ? $"{dimensions}, which read as [channels, height, width], but with Interleaved the network reads [height, width, channels]: " +
                "train it without Interleaved, or make the column with ExtractPixels(interleavePixelColors: true)."
            : $"{dimensions}, which read as [height, width, channels], but the network reads [channels, height, width]: " +
                "train it with Interleaved = true in the options, or make the column with ExtractPixels(interleavePixelColors: false).");
    }
}
