using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>A model file that is read: a zip file, each entry of which is unpacked into memory when it is opened.</summary>
internal sealed class ModelArchive : IDisposable
{
    private readonly ZipArchive _zip;

    public ModelArchive(Stream stream) =>
        _zip = Decoded(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true), "This is no model file, or a damaged one: it cannot be opened as a zip file.");

    /// <summary>The bytes of an entry, or null if there is none of that name.</summary>
    public MemoryStream? OpenOrNull(string path) => Decoded(() =>
    {
        if (_zip.GetEntry(path) is not { } entry)
            return null;
        // Not sized by the length in the file, which need not be true.
        var bytes = new MemoryStream();
        using (var packed = entry.Open())
            packed.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    });

    public void Dispose() => _zip.Dispose();

    /// <summary>Runs a reader; whatever goes wrong in it is a fault of the file.</summary>
    public static T Decoded<T>(Func<T> read, string message = "The model file is damaged.")
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not FormatException and not OutOfMemoryException)
        {
            throw Check.Ours(new FormatException(message, exception));
        }
    }
}
