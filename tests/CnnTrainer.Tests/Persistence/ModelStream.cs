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

    public static CnnTransformer Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var (content, network) = ModelFile.Read(reader, torch.CPU);
        return new CnnTransformer(new CnnModel(content, network));
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

    /// <summary>A chunk with a header's name, version and flags.</summary>
    public static byte[] Sealed(byte[] header, byte[] payload)
    {
        byte[] chunk = [.. header, .. payload];
        BinaryPrimitives.WriteInt64LittleEndian(chunk.AsSpan(24), payload.Length);
        return [.. chunk, .. SHA256.HashData(chunk)];
    }
}
