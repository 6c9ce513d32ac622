using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>A model file that is read: a zip file, each entry of which is unpacked when it is opened.</summary>
internal sealed class ModelArchive : IDisposable
{
    private readonly ZipArchive _zip;

    public ModelArchive(Stream stream) =>
        _zip = Decoded(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true), "This is no model file, or a damaged one: it cannot be opened as a zip file.");

    /// <summary>The bytes of an entry, or null if there is none of that name.</summary>
    public Stream? OpenOrNull(string path) => Decoded(() =>
    {
        if (_zip.GetEntry(path) is not { } entry)
            return null;
        var bytes = Spool.New(entry.Length);
        using (var packed = entry.Open())
            Copy(packed, bytes, entry.Length);
        bytes.Position = 0;
        return bytes;
    });

    /// <summary>Unpacks no more than the file says, so that a small file cannot fill the memory.</summary>
    private static void Copy(Stream packed, Stream bytes, long length)
    {
        var piece = new byte[1 << 16];
        for (int read; (read = packed.Read(piece)) > 0;)
        {
            Check.Decode(bytes.Length + read <= length, "An entry of the model file is longer than it says.");
            bytes.Write(piece, 0, read);
        }
    }

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
