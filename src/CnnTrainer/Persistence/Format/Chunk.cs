using System.Security.Cryptography;
using System.Text;

namespace CnnMlNet.Persistence.Format;

/// <summary>A chunk of a file that is kept as it is.</summary>
internal sealed record Chunk(string Name, int Version, bool IsCritical, byte[] Payload);

/// <summary>The form of everything this library saves, one stream inside ML.NET's zip. All numbers are little endian.</summary>
/// <remarks><code>
/// offset  size
///      0     8  magic, 8 ASCII characters
///      8     4  format version, 2
///           then chunks:
///      0    16  name, ASCII, filled with zeros
///     16     4  version of the chunk
///     20     4  1 where a reader that does not know the chunk must refuse the file, 0 where it may keep it aside
///     24     8  length L
///     32     L  payload
///   32+L    32  SHA-256 of the 32 + L bytes before it
///           the last chunk has the name "end" and no payload; nothing follows it
/// </code>
/// A checksum is compared before JSON is interpreted and before a network is handed out, so a damaged file can neither crash nor mislead.
/// Nothing in a file is executed. Nothing is allocated before a length is checked against what is left.
/// </remarks>
internal static class ChunkFormat
{
    public const int Version = 2;
    public const int HeaderLength = 32;
    public const int NameLength = 16;
    public const string End = "end";
}

/// <summary>Writes a file of chunks; the writer stays open.</summary>
internal sealed class ChunkWriter
{
    private readonly BinaryWriter _writer;

    public ChunkWriter(BinaryWriter writer, ReadOnlySpan<byte> magic)
    {
        _writer = writer;
        writer.Write(magic);
        writer.Write(ChunkFormat.Version);
    }

    /// <summary>Takes a piece of a payload.</summary>
    public delegate void Sink(ReadOnlySpan<byte> bytes);

    public void Write(Chunk chunk) => Write(chunk.Name, chunk.Version, chunk.IsCritical, chunk.Payload.Length, put => put(chunk.Payload));

    /// <summary>Writes a chunk piece by piece, so that it is never in memory as a whole.</summary>
    public void Write(string name, int version, bool isCritical, long length, Action<Sink> payload)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[ChunkFormat.HeaderLength];
        Encoding.ASCII.GetBytes(name, header.AsSpan(0, ChunkFormat.NameLength));
        BitConverter.TryWriteBytes(header.AsSpan(16), version);
        BitConverter.TryWriteBytes(header.AsSpan(20), isCritical ? 1 : 0);
        BitConverter.TryWriteBytes(header.AsSpan(24), length);
        long written = 0;
        Put(header);
        payload(Put);
        if (written != ChunkFormat.HeaderLength + length) throw new InvalidOperationException($"The chunk '{name}' has {written - ChunkFormat.HeaderLength} bytes instead of {length}.");
        _writer.Write(sha.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            _writer.Write(bytes);
            sha.AppendData(bytes);
            written += bytes.Length;
        }
    }

    public void End() => Write(new Chunk(ChunkFormat.End, 1, true, []));
}
