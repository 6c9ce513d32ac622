using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CnnMlNet.Persistence;
using TorchSharp;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Our stream in a saved model, format version 2, taken apart and put together again without the product's code.</summary>
internal static class ModelStream
{
    private const int Prefix = 12, Header = 32, Hash = 32;

    public static CnnTransformer Read(byte[] bytes) => Read(new MemoryStream(bytes));

    public static CnnTransformer Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var (content, network) = ModelFile.Read(reader, torch.CPU);
        return new CnnTransformer(new CnnModel(content, network));
    }

    /// <summary>Reads a stream that must be refused, and gives the message.</summary>
    public static string Refused(byte[] bytes, string what = "")
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes), what);
        StringAssert.StartsWith(error.Message, "The model's bytes cannot be read: at offset ", what);
        return error.Message;
    }

    public static byte[] Write(CnnTransformer model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        model.Model.Save(writer);
        return stream.ToArray();
    }

    /// <summary>The payloads by name, in order; the end left out.</summary>
    public static IReadOnlyDictionary<string, byte[]> Chunks(byte[] bytes) =>
        Parts(bytes).Where(part => part.Name != "end").ToDictionary(part => part.Name, part => bytes[(part.Start + Header)..(part.End - Hash)]);

    /// <summary>Each chunk's name and where it begins and ends, header and checksum included.</summary>
    public static IReadOnlyList<(string Name, int Start, int End)> Parts(byte[] bytes)
    {
        var parts = new List<(string, int, int)>();
        for (int at = Prefix; at < bytes.Length;)
        {
            int end = at + Header + (int)BitConverter.ToInt64(bytes, at + 24) + Hash;
            parts.Add((Encoding.ASCII.GetString(bytes, at, 16).TrimEnd('\0'), at, end));
            at = end;
        }

        return parts;
    }

    /// <summary>The stream with another payload, and length and checksum made to fit.</summary>
    public static byte[] With(byte[] bytes, string chunk, byte[] payload)
    {
        var (_, start, end) = Parts(bytes).Single(part => part.Name == chunk);
        return [.. bytes[..start], .. Sealed(bytes[start..(start + Header)], payload), .. bytes[end..]];
    }

    /// <summary>The stream with another text in a chunk's payload, which must have it, and length and checksum made to fit.</summary>
    public static byte[] Forged(byte[] bytes, string chunk, string genuine, string forged)
    {
        var payload = Chunks(bytes)[chunk];
        var (from, to) = (Encoding.UTF8.GetBytes(genuine), Encoding.UTF8.GetBytes(forged));
        int at = payload.AsSpan().IndexOf(from);
        Assert.IsGreaterThanOrEqualTo(0, at, genuine);
        byte[] other = [.. payload[..at], .. to, .. payload[(at + from.Length)..]];
        if (chunk == "weights" && at >= sizeof(long)) BinaryPrimitives.WriteInt64LittleEndian(other, BitConverter.ToInt64(other) + to.Length - from.Length);
        return With(bytes, chunk, other);
    }

    /// <summary>The stream with a chunk more, before the part of the given name.</summary>
    public static byte[] Inserted(byte[] bytes, string before, string name, byte[] payload, int version = 1, bool critical = false)
    {
        int at = Parts(bytes).First(part => part.Name == before).Start;
        return [.. bytes[..at], .. Chunk(name, payload, version, critical), .. bytes[at..]];
    }

    /// <summary>The stream without a chunk.</summary>
    public static byte[] Without(byte[] bytes, string chunk)
    {
        var (_, start, end) = Parts(bytes).Single(part => part.Name == chunk);
        return [.. bytes[..start], .. bytes[end..]];
    }

    public static byte[] Chunk(string name, byte[] payload, int version = 1, bool critical = false)
    {
        var header = new byte[Header];
        Encoding.ASCII.GetBytes(name, header);
        (header[16], header[20]) = ((byte)version, critical ? (byte)1 : (byte)0);
        return Sealed(header, payload);
    }

    /// <summary>A chunk with a header's name, version and flags.</summary>
    public static byte[] Sealed(byte[] header, byte[] payload)
    {
        byte[] chunk = [.. header, .. payload];
        BinaryPrimitives.WriteInt64LittleEndian(chunk.AsSpan(24), payload.Length);
        return [.. chunk, .. SHA256.HashData(chunk)];
    }
}
