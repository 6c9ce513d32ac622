using System.Security.Cryptography;
using System.Text;

namespace CnnMlNet.Persistence.Format;

/// <summary>Reads a file of chunks, after its magic and version. Offsets in messages count from the magic.</summary>
internal sealed class ChunkReader(BinaryReader reader, long offset)
{
    private const int MostBytes = 1 << 30;   // of a chunk that is no stream of weights: a small zip can unpack to any length
    private const int PieceLength = 1 << 20;

    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _offset = offset;
    private long _start = offset;
    private string _name = "";

    /// <summary>Bytes of the chunk's payload that were not read yet.</summary>
    public long Left { get; private set; }

    /// <summary>The version of the chunk at hand.</summary>
    public int Version { get; private set; }

    /// <summary>Whether the chunk at hand must be known.</summary>
    public bool IsCritical { get; private set; }

    /// <summary>Reads the magic and the version of a file.</summary>
    /// <exception cref="InvalidDataException">The magic is another, or the version is newer.</exception>
    public static int Open(BinaryReader reader, ReadOnlySpan<byte> magic)
    {
        var found = reader.ReadBytes(magic.Length + sizeof(int));
        if (found.Length < magic.Length + sizeof(int)) throw Damaged(0, $"the file ends after {found.Length} bytes");
        if (!found.AsSpan(0, magic.Length).SequenceEqual(magic))
            throw Damaged(0, $"expected the magic {Convert.ToHexString(magic)}, found {Convert.ToHexString(found, 0, magic.Length)}");
        int version = BitConverter.ToInt32(found, magic.Length);
        return version is >= 1 and <= ChunkFormat.Version
            ? version
            : throw Damaged(magic.Length, $"expected format version 1 to {ChunkFormat.Version}, found {version}: a newer version is read by a newer CnnMlNet");
    }

    /// <summary>Reads a chunk's header; null at the end of the file.</summary>
    /// <exception cref="InvalidDataException">There is none, or something follows the end.</exception>
    public string? Next()
    {
        _start = _offset;
        Left = ChunkFormat.HeaderLength;
        CheckLeft("header of a chunk");
        var header = Bytes();
        var name = Encoding.ASCII.GetString(header, 0, ChunkFormat.NameLength).TrimEnd('\0');
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-')) throw Damaged(_start, "expected the name of a chunk");
        _name = name;
        (Version, IsCritical, Left) = (BitConverter.ToInt32(header, 16), BitConverter.ToInt32(header, 20) != 0, BitConverter.ToInt64(header, 24));
        if (Left < 0) throw Damaged(_offset - 8, $"the chunk '{name}' has the length {Left}");
        CheckLeft($"chunk '{name}'");
        if (name != ChunkFormat.End) return name;
        if (Left != 0) throw Damaged(_offset - 8, $"the chunk '{name}' has a length of {Left}");
        Close();
        return null;
    }

    /// <summary>Fills a buffer from the payload.</summary>
    /// <exception cref="InvalidDataException">The payload or the file ends before.</exception>
    public void Read(Span<byte> buffer)
    {
        if (buffer.Length > Left) throw Damaged(_offset, $"{buffer.Length} bytes are needed, {Left} are left in the chunk");
        int read = reader.BaseStream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read < buffer.Length) throw Damaged(_offset + read, $"the file ends inside a chunk, {Left - read} bytes early");
        _sha.AppendData(buffer);
        _offset += buffer.Length;
        Left -= buffer.Length;
    }

    /// <summary>The rest of the payload, in memory. It grows by what is there, not by what a length claims.</summary>
    public byte[] Bytes()
    {
        if (Left > MostBytes) throw Damaged(_offset, $"a chunk of {Left} bytes is longer than the {MostBytes} that are read into memory");
        return Growing((int)Left, Read);
    }

    /// <summary>So many bytes, in memory that grows with what was read: a stream without a length may promise more than it has.</summary>
    public static byte[] Growing(int count, Safetensors.Source read)
    {
        var bytes = new byte[Math.Min(count, PieceLength)];
        for (int filled = 0; ; )
        {
            read(bytes.AsSpan(filled));
            filled = bytes.Length;
            if (filled == count) return bytes;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * filled));
        }
    }

    /// <summary>Compares the checksum at the end of a chunk.</summary>
    /// <exception cref="InvalidDataException">It differs, or the payload goes on.</exception>
    public void Close()
    {
        if (Left != 0) throw Damaged(_offset, $"the chunk goes on for {Left} bytes after its content");
        var expected = _sha.GetHashAndReset();
        var found = reader.ReadBytes(expected.Length);
        if (!found.AsSpan().SequenceEqual(expected)) throw Damaged(_offset, "the SHA-256 checksum does not match: the bytes changed after they were written");
        _offset += found.Length;
    }

    /// <summary>What is wrong with the content of the chunk at hand, where its bytes are as they were written.</summary>
    public InvalidDataException Misfit(Exception cause) =>
        Damaged(_start, $"the content of the chunk '{_name}' is not one that this version knows: {cause.Message}", cause);

    /// <summary>An exception that says where.</summary>
    public InvalidDataException Wrong(string problem, Exception? cause = null) => Damaged(_offset, problem, cause);

    public static InvalidDataException Damaged(long offset, string problem, Exception? cause = null) =>
        new($"The model's bytes cannot be read: at offset {offset}, {problem}.", cause);

    private void CheckLeft(string what)
    {
        if (reader.BaseStream is { CanSeek: true } stream && stream.Length - stream.Position < Left)
            throw Damaged(_offset, $"the {what} needs {Left} bytes, {stream.Length - stream.Position} are left");
    }
}
