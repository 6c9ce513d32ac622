using System.Buffers.Binary;
using CnnMlNet.ImageFiles;

namespace CnnMlNet.Idx;

/// <summary>
/// A file of unsigned bytes in the IDX format: two zeros, the type 0x08, the number of dimensions, then the dimensions as big-endian
/// 32-bit integers, then the values. All offsets count the unpacked bytes.
/// </summary>
internal sealed class IdxFile
{
    private readonly byte[] _header;
    private readonly Lazy<Blocks> _content;

    private IdxFile(string path, ReadOnlySpan<byte> header)
    {
        (Path, _header, _content) = (path, header.ToArray(), new Lazy<Blocks>(Read));
        Dimensions = new int[header.Length / 4 - 1];
        for (int i = 0; i < Dimensions.Length; i++) Dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
        if (Array.Exists(Dimensions, size => size < 0) || Dimensions[1..].Any(size => size == 0) ||
            Dimensions[1..].Aggregate(1.0, (product, size) => product * size) > Array.MaxLength)
        {
            throw new InvalidDataException($"'{path}' at offset 4: the dimensions {this} are not possible.");
        }

        RowLength = Dimensions[1..].Aggregate(1, (product, size) => product * size);
    }

    public string Path { get; }

    public int[] Dimensions { get; }

    public int Count => Dimensions[0];

    /// <summary>Number of values of a row.</summary>
    public int RowLength { get; }

    private long Length => _header.Length + (long)Count * RowLength;

    public static IdxFile Images(string path) => Open(path, "images", 0x0803, 0x0804);

    public static IdxFile Labels(string path) => Open(path, "labels", 0x0801);

    /// <summary>Sizes as a message says them.</summary>
    public override string ToString() => string.Join(" x ", Dimensions);

    /// <summary>Reads the values unless that was done before; later calls give the same answer.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or shorter or longer than its header says.</exception>
    public void ReadAll() => _ = _content.Value;

    /// <exception cref="InvalidDataException">As <see cref="ReadAll"/>.</exception>
    public void CopyRow(int row, Span<float> values) => _content.Value.CopyTo(OffsetOf(row), values);

    /// <summary>The first value of a row.</summary>
    /// <exception cref="InvalidDataException">As <see cref="ReadAll"/>.</exception>
    public byte First(int row) => _content.Value[OffsetOf(row)];

    /// <summary>Where the values of a row begin.</summary>
    public long OffsetOf(int row) => _header.Length + (long)row * RowLength;

    private static IdxFile Open(string path, string what, params ReadOnlySpan<uint> magics)
    {
        using var stream = PackedFile.Open(path);
        Span<byte> header = stackalloc byte[4 + 4 * 4];
        int read = ReadHeader(stream, header, path);
        if (read < 4) throw EndsInHeader(path, read, magics[0]);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (!magics.Contains(magic)) throw WrongMagic(path, what, magics, magic);
        int length = HeaderLength(magic);
        if (read < length) throw EndsInHeader(path, read, magic);
        var file = new IdxFile(path, header[..length]);
        if (stream is FileStream plain) file.CheckLength(plain.Length);
        return file;
    }

    private Blocks Read()
    {
        var (content, length) = PackedFile.ReadAll(Path, Length);
        CheckLength(length);
        return content.HasAt(0, _header) ? content : throw new InvalidDataException($"'{Path}' at offset 0: the header has changed since the file was opened.");
    }

    private void CheckLength(long length)
    {
        if (length < Length)
            throw new InvalidDataException($"'{Path}' at offset {length}: the file is truncated; {this} values end at {Length}.");
        if (length > Length)
            throw new InvalidDataException($"'{Path}' at offset {Length}: the file goes on after its {this} values.");
    }

    private static int ReadHeader(Stream stream, Span<byte> header, string path)
    {
        try
        {
            return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw PackedFile.Damaged(path, 0, e);
        }
    }

    // The lowest byte of the magic is the number of dimensions.
    private static int HeaderLength(uint magic) => 4 + 4 * (int)(magic & 0xff);

    private static InvalidDataException EndsInHeader(string path, int offset, uint magic) =>
        new($"'{path}' at offset {offset}: the file ends inside its header of {HeaderLength(magic)} bytes.");

    private static InvalidDataException WrongMagic(string path, string what, ReadOnlySpan<uint> expected, uint found)
    {
        var hint = found is 0x0801 or 0x0803 or 0x0804 ? $": this is a file of {(found == 0x0801 ? "labels" : "images")}, are the two swapped?" : "";
        var magics = string.Join(" or ", expected.ToArray().Select(magic => $"0x{magic:X8}"));
        return new($"'{path}' at offset 0: expected the IDX magic {magics} of {what}, found 0x{found:X8}{hint}");
    }
}
