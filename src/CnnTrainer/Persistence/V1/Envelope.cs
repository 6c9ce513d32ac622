using System.Security.Cryptography;
using CnnMlNet.Persistence.Format;

namespace CnnMlNet.Persistence.V1;

/// <summary>The outer form of format version 1, which only reading knows. All numbers are little endian.</summary>
/// <remarks><code>
/// offset  size
///      0     8  magic, 8 ASCII characters
///      8     4  format version, 1
///     12     4  length H of the header
///     16     8  length P of the payload
///     24     H  header: JSON in UTF-8
///   24+H     P  payload
/// 24+H+P    32  SHA-256 of all bytes before it
/// </code></remarks>
internal static class Envelope
{
    private const int PrefixLength = 24;

    /// <summary>Reads an envelope behind its magic and version, and turns it into what it holds.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="magic">The magic that was read.</param>
    /// <param name="interpret">Makes the object of header and payload.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged; the message says where and what was expected.</exception>
    public static T Read<THeader, T>(BinaryReader reader, ReadOnlySpan<byte> magic, Func<THeader, byte[], T> interpret)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([.. magic, .. BitConverter.GetBytes(1)]);
        long offset = magic.Length + sizeof(int);
        var lengths = Take(PrefixLength - (int)offset, "prefix");
        var json = Take(Bounded(BitConverter.ToInt32(lengths, 0), Array.MaxLength, 12), "header");
        var payload = Take(Bounded(BitConverter.ToInt64(lengths, 4), Array.MaxLength, 16), "payload");
        var expected = sha.GetHashAndReset();
        if (!Take(SHA256.HashSizeInBytes, "checksum").AsSpan().SequenceEqual(expected))
            throw ChunkReader.Damaged(offset - SHA256.HashSizeInBytes, "the SHA-256 checksum does not match: the bytes changed after they were written");
        try
        {
            return interpret(StrictJson.Read<THeader>(json), payload);
        }
        catch (Exception e) when (StrictJson.IsMisfit(e))
        {
            throw ChunkReader.Damaged(PrefixLength, $"the content is not one that this version knows: {e.Message}", e);
        }

        byte[] Take(int count, string what)
        {
            if (reader.BaseStream is { CanSeek: true } stream && stream.Length - stream.Position < count)
                throw ChunkReader.Damaged(offset, $"the {what} needs {count} bytes, {stream.Length - stream.Position} are left");
            var bytes = ChunkReader.Growing(count, piece =>
            {
                int read = reader.BaseStream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
                if (read < piece.Length) throw ChunkReader.Damaged(offset, $"the {what} needs {count} bytes and ends before");
            });
            sha.AppendData(bytes);
            offset += count;
            return bytes;
        }
    }

    private static int Bounded(long length, long maximum, long offset) => length >= 0 && length <= maximum
        ? (int)length
        : throw ChunkReader.Damaged(offset, $"expected a length of at most {maximum}, found {length}");
}
