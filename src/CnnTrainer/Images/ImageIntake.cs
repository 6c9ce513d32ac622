using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>
/// Takes over the images of a view. Where the column says that they are in memory, it notes the places; every image is compared with what is
/// there, since a view may pass on the column's annotations and the ids of rows while it changes their pixels. From the first image on that is
/// not there, all are copied. Images that are streamed are only counted. Several threads may add images to it, but for those in memory.
/// </summary>
internal sealed class ImageIntake : IDisposable
{
    private const int MostImages = int.MaxValue / 2;

    private readonly PixelFormat _format;
    private readonly CachedImages? _cache;
    private readonly List<int> _found = [];
    private readonly long? _expectedRows;
    private readonly long _memoryBytes;
    private ImageMemory? _copies;
    private int _counted;
    private bool _isUser;

    /// <param name="pixels">The column.</param>
    /// <param name="expectedRows">How many there will be, where that is known.</param>
    /// <param name="memoryBytes">What images may take of main memory; a mapped file has the rest.</param>
    /// <param name="isStreamed">Whether none is to be kept.</param>
    public ImageIntake(PixelColumn pixels, long? expectedRows, long memoryBytes, bool isStreamed)
    {
        (_format, _expectedRows, _memoryBytes, IsStreamed) = (pixels.Format, expectedRows, memoryBytes, isStreamed);
        _cache = isStreamed ? null : CachedImages.Of(pixels.Column);
        _isUser = _cache?.Memory is { } memory && memory.RowBytes == _format.RowBytes && memory.TryShare();
        if (!_isUser && !isStreamed) _copies = NewMemory();
    }

    /// <summary>Whether images may be in memory already: one cursor brings them, with their ids.</summary>
    public bool LooksThemUp => _isUser;

    /// <summary>Whether none is kept.</summary>
    public bool IsStreamed { get; }

    public int Count => IsStreamed ? _counted : _copies?.Count ?? _found.Count;

    /// <summary>Takes over an image.</summary>
    /// <param name="image">Its bytes.</param>
    /// <param name="id">The row's id, where it is looked up.</param>
    /// <returns>Its place among the copies.</returns>
    public int Add(ReadOnlySpan<byte> image, DataViewRowId id = default)
    {
        lock (_found)
        {
            if (Count == MostImages) throw new InvalidOperationException($"There are more than {MostImages} images.");
            if (IsStreamed) return _counted++;
            if (_copies is null)
            {
                if (_cache!.Place(id) is { } place && _cache.Memory.At(place).SequenceEqual(image))
                {
                    _found.Add(place);
                    return Count - 1;
                }

                CopyWhatWasFound();
            }

            image.CopyTo(_copies!.Add());
            return _copies.Count - 1;
        }
    }

    /// <summary>All that was added; the caller disposes it.</summary>
    /// <param name="order">The places of the images in the order they shall have; null for the order in which they came.</param>
    public StoredImages Finish(int[]? order)
    {
        var images = _copies is null ? new StoredImages(_format, _cache!.Memory, [.. _found], isShared: true) : new StoredImages(_format, _copies, order, isShared: false);
        (_copies, _isUser) = (null, false);   // they are the caller's now
        return images;
    }

    public void Dispose()
    {
        _copies?.Release();
        StopSharing();
    }

    private ImageMemory NewMemory() => new(_format.RowBytes, _expectedRows, _memoryBytes);

    private void CopyWhatWasFound()
    {
        _copies = NewMemory();
        foreach (int place in _found) _cache!.Memory.At(place).CopyTo(_copies.Add());
        StopSharing();
    }

    private void StopSharing()
    {
        if (_isUser) _cache!.Memory.Release();
        _isUser = false;
    }
}
