using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnMlNet.Persistence;

/// <summary>
/// The outer form of everything this library saves, one stream inside ML.NET's zip. All numbers are little endian.
/// <code>
/// offset  size
///      0     8  magic, 8 ASCII characters
///      8     4  format version, 1
///     12     4  length H of the header
///     16     8  length P of the payload
///     24     H  header: JSON in UTF-8
///   24+H     P  payload
/// 24+H+P    32  SHA-256 of all bytes before it
/// </code>
/// The checksum is compared before anything is interpreted, so a damaged file can neither crash nor mislead; nothing in a file is executed.
/// </summary>
internal static class Envelope
{
    private const int Version = 1;
    private const int PrefixLength = 24;
    private const int MaximumHeaderLength = 64 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Takes a piece of the payload.</summary>
    public delegate void Sink(ReadOnlySpan<byte> bytes);

    /// <summary>Writes an envelope; the writer stays open.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="magic">8 ASCII characters.</param>
    /// <param name="header">Becomes the JSON header.</param>
    /// <param name="payloadLength">Bytes that <paramref name="payload"/> will put.</param>
    /// <param name="payload">Puts the payload, piece by piece, so that it is never in memory as a whole.</param>
    public static void Write<THeader>(BinaryWriter writer, ReadOnlySpan<byte> magic, THeader header, long payloadLength, Action<Sink> payload)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var json = JsonSerializer.SerializeToUtf8Bytes(header, Json);
        Put([.. magic, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes(json.Length), .. BitConverter.GetBytes(payloadLength)]);
        Put(json);
        payload(Put);
        writer.Write(sha.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            writer.Write(bytes);
            sha.AppendData(bytes);
        }
    }

    /// <summary>Reads an envelope and turns it into what it holds.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="magic">The magic it must have.</param>
    /// <param name="interpret">Makes the object; its <see cref="ArgumentException"/> and <see cref="OverflowException"/> mean a header that does not fit.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a newer version; the message says where and what was expected.</exception>
    public static T Read<THeader, T>(BinaryReader reader, ReadOnlySpan<byte> magic, Func<THeader, byte[], T> interpret)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        var prefix = Take(PrefixLength, "prefix");
        if (!prefix.AsSpan(0, magic.Length).SequenceEqual(magic))
            throw Damaged(0, $"expected the magic {Convert.ToHexString(magic)}, found {Convert.ToHexString(prefix, 0, magic.Length)}");
        int version = BitConverter.ToInt32(prefix, 8);
        if (version != Version) throw Damaged(8, $"expected format version {Version}, found {version}: a newer version is read by a newer CnnMlNet");
        var json = Take(Bounded(BitConverter.ToInt32(prefix, 12), MaximumHeaderLength, 12), "header");
        var payload = Take(Bounded(BitConverter.ToInt64(prefix, 16), Array.MaxLength, 16), "payload");
        var expected = sha.GetHashAndReset();
        if (!Take(SHA256.HashSizeInBytes, "checksum").AsSpan().SequenceEqual(expected))
            throw Damaged(offset - SHA256.HashSizeInBytes, "the SHA-256 checksum does not match: the bytes changed after they were written");
        try
        {
            return interpret(JsonSerializer.Deserialize<THeader>(json, Json) ?? throw new JsonException("it is null"), payload);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or OverflowException or InvalidDataException)
        {
            throw Damaged(PrefixLength, $"the content is not one that this version knows: {e.Message}", e);
        }

        byte[] Take(int count, string what)
        {
            var bytes = ReadExactly(reader, count, offset, what);
            sha.AppendData(bytes);
            offset += count;
            return bytes;
        }
    }

    private static int Bounded(long length, long maximum, long offset) => length >= 0 && length <= maximum
        ? (int)length
        : throw Damaged(offset, $"expected a length of at most {maximum}, found {length}");

    private static byte[] ReadExactly(BinaryReader reader, int count, long offset, string what)
    {
        // No allocation before the length is known to be there.
        if (reader.BaseStream is { CanSeek: true } stream && stream.Length - stream.Position < count)
            throw Damaged(offset, $"the {what} needs {count} bytes, {stream.Length - stream.Position} are left");
        var bytes = reader.ReadBytes(count);
        return bytes.Length == count ? bytes : throw Damaged(offset, $"the {what} needs {count} bytes, {bytes.Length} are left");
    }

    private static InvalidDataException Damaged(long offset, string problem, Exception? cause = null) =>
        new($"The model's bytes cannot be read: at offset {offset}, {problem}.", cause);
}
