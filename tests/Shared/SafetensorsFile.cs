using System.Runtime.InteropServices;
using System.Text;

namespace CnnMlNet.Tests;

/// <summary>Writes files in the published safetensors layout, by hand.</summary>
internal static class SafetensorsFile
{
    public sealed record Entry(string Name, long[] Shape, byte[] Bytes, string Dtype = "F32");

    public static Entry Of(string name, long[] shape, params ReadOnlySpan<float> values) => new(name, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Values between -bound and bound, others for each name, the same in every run.</summary>
    public static Entry Random(string name, long[] shape, double bound = 1)
    {
        var random = new Random(name.Aggregate(7, (hash, letter) => unchecked(hash * 31 + letter)));
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(bound * (2 * random.NextSingle() - 1));
        return Of(name, shape, values);
    }

    public static byte[] Bytes(params IReadOnlyList<Entry> entries) => [.. Header(entries), .. entries.SelectMany(entry => entry.Bytes)];

    /// <returns>The path.</returns>
    public static string Write(string path, params IReadOnlyList<Entry> entries)
    {
        using var file = File.Create(path);
        file.Write(Header(entries));
        foreach (var entry in entries) file.Write(entry.Bytes);
        return path;
    }

    /// <summary>A header as it is given, with its length in front.</summary>
    public static byte[] Header(string json) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json)];

    private static byte[] Header(IReadOnlyList<Entry> entries)
    {
        var (parts, end) = (new List<string> { "\"__metadata__\":{\"format\":\"pt\"}" }, 0L);
        foreach (var entry in entries)
        {
            parts.Add($"\"{entry.Name}\":{{\"dtype\":\"{entry.Dtype}\",\"shape\":[{string.Join(',', entry.Shape)}],\"data_offsets\":[{end},{end + entry.Bytes.Length}]}}");
            end += entry.Bytes.Length;
        }

        return Header("{" + string.Join(',', parts) + "}");
    }
}
