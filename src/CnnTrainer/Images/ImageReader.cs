using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>
/// Takes over the images of a view, row by row. Where the column says that they are in memory, it notes the places; every image is compared
/// with what is there, since a view may pass on the column's annotations and the ids of rows while it changes their pixels. From the first
/// image on that is not there, all are copied.
/// </summary>
internal sealed class ImageReader : IDisposable
{
    private readonly PixelFormat _format;
    private readonly PixelReader _read;
    private readonly long? _expectedRows;
    private readonly long _memoryBytes;
    private readonly CachedImages? _cache;
    private readonly ValueGetter<DataViewRowId>? _readId;
    private readonly List<int> _places = [];
    private readonly byte[] _image = [];
    private ImageStore? _copies;
    private bool _isUser;

    /// <param name="pixels">The column.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="rows">What they are for, in messages.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    /// <param name="memoryBytes">What images may take of main memory; a mapped file has the rest.</param>
    public ImageReader(PixelColumn pixels, DataViewRowCursor cursor, string rows, long? expectedRows, long memoryBytes)
    {
        (_format, _read, _expectedRows, _memoryBytes) = (pixels.Format, pixels.Reader(cursor, rows), expectedRows, memoryBytes);
        _cache = _format.IsOfImages ? null : CachedImages.Of(pixels.Column);
        _isUser = _cache?.Memory is { } memory && memory.RowBytes == _format.RowBytes && memory.TryShare();
        if (_isUser || _format.IsOfImages) _image = new byte[_format.RowBytes];
        if (_isUser) _readId = cursor.GetIdGetter();
        else _copies = NewStore();
    }

    public int Count => _copies?.Count ?? _places.Count;

    /// <summary>Takes over the image of the row that the cursor is at.</summary>
    public void Read()
    {
        if (_copies is null)
        {
            _read(_image);
            if (Find() is { } place)
            {
                _places.Add(place);
                return;
            }

            CopyWhatWasFound();
            _image.CopyTo(_copies!.Add());
            return;
        }

        if (!_format.IsOfImages)
        {
            _read(_copies.Add());
            return;
        }

        _read(_image);   // may fail for one row while others are read: no place is taken before
        _image.CopyTo(_copies.Add());
    }

    /// <summary>Takes a black image for the row that the cursor is at, of a column of images.</summary>
    public void AddBlack() => _copies!.Add().Clear();

    /// <summary>All that was read; the caller disposes it.</summary>
    public ImageStore Finish()
    {
        var images = _copies ?? new ImageStore(_format, _cache!.Memory, [.. _places]);
        (_copies, _isUser) = (null, false);   // they are the caller's now
        return images;
    }

    public void Dispose()
    {
        _copies?.Dispose();
        StopSharing();
    }

    private ImageStore NewStore() => new(_format, _expectedRows, _memoryBytes);

    private int? Find()
    {
        DataViewRowId id = default;
        _readId!(ref id);
        return _cache!.Place(id) is { } place && _cache.Memory.At(place).SequenceEqual(_image) ? place : null;
    }

    private void CopyWhatWasFound()
    {
        _copies = NewStore();
        foreach (int place in _places) _cache!.Memory.At(place).CopyTo(_copies.Add());
        StopSharing();
    }

    private void StopSharing()
    {
        if (_isUser) _cache!.Memory.Release();
        _isUser = false;
    }
}
