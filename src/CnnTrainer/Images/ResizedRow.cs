using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>Copies the image of a row into a buffer in the network's size: the one way columns of images enter it.</summary>
/// <remarks>
/// As with ML.NET's own consumers the getter is given the image before: one that makes images disposes it there, and the last one with its cursor.
/// Nothing is disposed here, since an image may belong to the user's rows.
/// </remarks>
/// <param name="row">The row, moved by its owner.</param>
/// <param name="column">A column of images.</param>
/// <param name="shape">What comes out.</param>
/// <param name="mode">What becomes of the proportions.</param>
/// <param name="guard">Looks at each image before it is used.</param>
/// <param name="rows">What the rows are for, in messages: Row, or Validation row.</param>
internal sealed class ResizedRow(DataViewRow row, DataViewSchema.Column column, ImageShape shape, ImageResizing mode, ImageGuard guard, string rows)
{
    private readonly ValueGetter<MLImage> _getter = row.GetGetter<MLImage>(column);
    private readonly Resizer _resizer = new(shape.Channels, shape.Height, shape.Width, mode);
    private MLImage? _image;

    /// <exception cref="InvalidDataException">There is no image, or what should give it failed.</exception>
    public void CopyTo(Span<byte> destination)
    {
        try
        {
            guard.CheckFile();
            _getter(ref _image!);
            if (_image is null) throw new InvalidOperationException("there is none");
            var pixels = _image.Pixels;
            var (height, width) = (_image.Height, _image.Width);
            if (height < 1 || width < 1) throw new InvalidOperationException(FormattableString.Invariant($"it has {width} x {height} pixels"));
            guard.CheckSize(width, height);
            _resizer.Resize(pixels, height, width, pixels.Length / height, _image.PixelFormat == MLPixelFormat.Rgba32, destination);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw RowError.Of(rows, row, $"the column '{column.Name}' has no image that can be used: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
