using CnnMlNet.ImageFiles;

namespace CnnMlNet.Cifar10;

/// <summary>
/// A file of CIFAR-10's binary version: records of a label and three planes of 32 x 32 pixels, red, green, blue, row by row. All offsets count
/// the unpacked bytes.
/// </summary>
internal sealed class Cifar10File
{
    public const int Classes = 10;
    public const int ImageBytes = 3 * 32 * 32;

    private const int RecordBytes = 1 + ImageBytes;
    private const long MostBytes = (long)int.MaxValue * RecordBytes;   // rows are counted in 32 bits

    private readonly string _path;
    private readonly int? _plainCount;   // what a gzip file unpacks to is not known before
    private readonly Lazy<(Blocks Content, int Count)> _content;

    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="InvalidDataException">The length of a plain file is not that of records.</exception>
    public Cifar10File(string path)
    {
        (_path, _content) = (path, new Lazy<(Blocks, int)>(Read));
        using var stream = PackedFile.Open(path);
        if (stream is FileStream plain) _plainCount = Records(plain.Length);
    }

    /// <summary>Number of records, where it is known without unpacking the file.</summary>
    public int? KnownCount => _content.IsValueCreated ? Count : _plainCount;

    /// <summary>Number of records; unpacks a gzip file the first time.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has other content.</exception>
    public int Count => _plainCount ?? _content.Value.Count;

    /// <summary>Reads the records unless that was done before; later calls give the same answer.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has other content.</exception>
    public void ReadAll() => _ = _content.Value;

    /// <exception cref="InvalidDataException">As <see cref="ReadAll"/>.</exception>
    public byte Label(int record) => _content.Value.Content[OffsetOf(record)];

    /// <exception cref="InvalidDataException">As <see cref="ReadAll"/>.</exception>
    public void CopyImage(int record, Span<float> values) => _content.Value.Content.CopyTo(OffsetOf(record) + 1, values);

    private static long OffsetOf(int record) => (long)record * RecordBytes;

    private (Blocks Content, int Count) Read()
    {
        var (content, length) = PackedFile.ReadAll(_path, _plainCount * (long)RecordBytes ?? MostBytes);
        int count = Records(length);
        if (_plainCount is not null && count != _plainCount)
            throw new InvalidDataException($"'{_path}' has {count} records now; it had {_plainCount} when it was opened.");
        for (int record = 0; record < count; record++)
        {
            if (content[OffsetOf(record)] is var label and >= Classes)
                throw new InvalidDataException($"'{_path}' at offset {OffsetOf(record)}: record {record} has the label {label}; there are the labels 0 to {Classes - 1}.");
        }

        return (content, count);
    }

    private int Records(long length)
    {
        if (length == 0) throw new InvalidDataException($"'{_path}' is empty; it needs records of {RecordBytes} bytes.");
        var (count, rest) = Math.DivRem(length, RecordBytes);
        if (rest == 0) return checked((int)count);
        throw new InvalidDataException($"'{_path}' has {length} bytes, but the records of CIFAR-10's binary version have {RecordBytes} each: {rest} bytes are left over at offset {length - rest}.");
    }
}
