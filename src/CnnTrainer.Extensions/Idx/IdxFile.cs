using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnMlNet.Idx;

/// <summary>
/// A file of unsigned bytes in the IDX format: two zeros, the type 0x08, the number of dimensions, then the dimensions as big-endian
/// 32-bit integers, then the values.
/// </summary>
internal sealed class IdxFile
{
    private const int GzipMagic = 0x1f8b;

    private readonly Lazy<byte[]> _values;

    private IdxFile(string path, int[] dimensions) =>
        (Path, Dimensions, _values) = (path, dimensions, new Lazy<byte[]>(ReadValues));

    public string Path { get; }

    public int[] Dimensions { get; }

    public int Count => Dimensions[0];

    /// <summary>All values; read on first use.</summary>
    /// <exception cref="InvalidDataException">The file is shorter or longer than its header says.</exception>
    public byte[] Values => _values.Value;

    private int HeaderLength => 4 + 4 * Dimensions.Length;

    private long ValueCount => Dimensions.Aggregate(1L, (product, size) => checked(product * size));

    public static IdxFile Images(string path) => Open(path, 3, "images");

    public static IdxFile Labels(string path) => Open(path, 1, "labels");

    private static IdxFile Open(string path, int dimensions, string what)
    {
        using var stream = OpenRead(path);
        Span<byte> header = stackalloc byte[4 + 4 * dimensions];
        int read = ReadUpTo(stream, header, path);
        if (read < 4) throw InsideHeader();
        uint expected = 0x0800 | (uint)dimensions;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != expected)
        {
            var hint = magic is 0x0801 or 0x0803 ? $": this is a file of {(magic == 0x0803 ? "images" : "labels")}, are the two swapped?" : "";
            throw new InvalidDataException($"'{path}' at offset 0: expected the IDX magic 0x{expected:X8} of {what}, found 0x{magic:X8}{hint}");
        }

        if (read < header.Length) throw InsideHeader();
        var sizes = new int[dimensions];
        for (int i = 0; i < dimensions; i++) sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
        if (sizes.Any(size => size < 0) || sizes.Aggregate(1.0, (product, size) => product * size) > Array.MaxLength || sizes[1..].Any(size => size == 0))
            throw new InvalidDataException($"'{path}' at offset 4: the dimensions {string.Join(" x ", sizes)} are not possible.");
        var file = new IdxFile(path, sizes);
        if (stream is FileStream plain) file.CheckLength(plain.Length);
        return file;

        InvalidDataException InsideHeader() =>
            new($"'{path}' at offset {read}: the file ends inside its header of {4 + 4 * dimensions} bytes.");
    }

    private byte[] ReadValues()
    {
        using var stream = OpenRead(Path);
        ReadUpTo(stream, stackalloc byte[HeaderLength], Path);

        // In pieces, so that a header that lies about a short gzip file cannot make us allocate what it claims.
        using var values = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = ReadUpTo(stream, piece, Path)) > 0 && values.Length <= ValueCount;) values.Write(piece, 0, read);
        CheckLength(HeaderLength + values.Length);
        return values.ToArray();
    }

    private void CheckLength(long length)
    {
        long expected = HeaderLength + ValueCount;
        if (length < expected)
            throw new InvalidDataException($"'{Path}' at offset {length}: the file is truncated; {string.Join(" x ", Dimensions)} values end at {expected}.");
        if (length > expected)
            throw new InvalidDataException($"'{Path}' at offset {expected}: the file goes on after its {string.Join(" x ", Dimensions)} values.");
    }

    private static int ReadUpTo(Stream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': the gzip data is damaged: {e.Message}", e);
        }
    }

    private static Stream OpenRead(string path)
    {
        var file = File.OpenRead(path);
        int first = file.ReadByte(), second = file.ReadByte();
        file.Position = 0;
        return (first << 8 | second) == GzipMagic ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
