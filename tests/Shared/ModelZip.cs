using System.IO.Compression;
using System.Text;
using Microsoft.ML;

namespace CnnMlNet.Tests;

/// <summary>Looks into a saved pipeline: a zip with our stream somewhere in one of its entries.</summary>
internal static class ModelZip
{
    public static byte[] Save(MLContext ml, ITransformer model, DataViewSchema? schema = null)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    public static ITransformer Load(MLContext ml, byte[] zip)
    {
        using var stream = new MemoryStream(zip);
        return ml.Model.Load(stream, out _);
    }

    /// <summary>Our stream: magic, version and chunks.</summary>
    public static byte[] Envelope(byte[] zip, string magic = "CNNMLNET")
    {
        var (bytes, start, length) = Find(zip, magic);
        return bytes[start..(start + length)];
    }

    /// <summary>Our stream without the history, which says how long training took: all that the same training gives again, byte for byte.</summary>
    public static byte[] Trained(byte[] zip) => WithoutHistory(Envelope(zip));

    public static byte[] WithoutHistory(byte[] stream)
    {
        var kept = new List<byte>(stream[..12]);
        for (int start = 12; start < stream.Length;)
        {
            int length = 64 + (int)BitConverter.ToInt64(stream, start + 24);
            if (Encoding.ASCII.GetString(stream, start, 8) != "history\0") kept.AddRange(stream.AsSpan(start, length));
            start += length;
        }

        return [.. kept];
    }

    /// <summary>The same zip with our stream changed in place; its length must stay.</summary>
    public static byte[] WithEnvelope(byte[] zip, byte[] envelope, string magic = "CNNMLNET")
    {
        using var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(zip)))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                var bytes = Read(entry);
                int start = bytes.AsSpan().IndexOf(Start(magic));
                if (start >= 0) envelope.CopyTo(bytes, start);
                using var output = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                output.Write(bytes);
            }
        }

        return result.ToArray();
    }

    private static (byte[] Entry, int Start, int Length) Find(byte[] zip, string magic)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (var entry in archive.Entries)
        {
            var bytes = Read(entry);
            int start = bytes.AsSpan().IndexOf(Start(magic));
            if (start < 0) continue;
            int end = start + 12;
            for (bool last = false; !last; end += 32 + (int)BitConverter.ToInt64(bytes, end + 24) + 32) last = Encoding.ASCII.GetString(bytes, end, 4) == "end\0";
            return (bytes, start, end - start);
        }

        throw new InvalidDataException("The zip has no stream of ours.");
    }

    // The magic and format version 2; ML.NET's own header has the magic alone.
    private static byte[] Start(string magic) => [.. Encoding.ASCII.GetBytes(magic), 2, 0, 0, 0];

    public static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
