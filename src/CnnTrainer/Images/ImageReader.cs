using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>Hands over the images of a cursor's rows, one by one.</summary>
/// <param name="pixels">The column.</param>
/// <param name="cursor">The rows, moved by its owner.</param>
/// <param name="rows">What they are for, in messages.</param>
/// <param name="intake">Who takes them.</param>
internal sealed class ImageReader(PixelColumn pixels, DataViewRowCursor cursor, string rows, ImageIntake intake)
{
    private readonly PixelReader _read = pixels.Reader(cursor, rows);
    private readonly ValueGetter<DataViewRowId>? _readId = intake.LooksThemUp ? cursor.GetIdGetter() : null;
    private readonly byte[] _image = new byte[pixels.Format.RowBytes];
    private readonly List<int> _places = [];

    /// <summary>Where the images are that were handed over, one after the other.</summary>
    public IReadOnlyList<int> Places => _places;

    /// <summary>Hands over the image of the row that the cursor is at.</summary>
    public void Read()
    {
        DataViewRowId id = default;
        _read(_image);
        _readId?.Invoke(ref id);
        _places.Add(intake.Add(_image, id));
    }

    /// <summary>Hands over a black image for the row that the cursor is at.</summary>
    public void AddBlack()
    {
        Array.Clear(_image);
        _places.Add(intake.Add(_image));
    }
}
