using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnMlNet.Tests.Idx;

/// <summary>Writes small files in the IDX format of unsigned bytes.</summary>
internal static class IdxFiles
{
    /// <summary>A pair of files of images [rows, 2, 3] whose pixel i of row r is 10 r + i, and of labels r % 3.</summary>
    public static (string Images, string Labels) Pair(TempFolder folder, int rows, bool gzip = false)
    {
        byte[] pixels = [.. Enumerable.Range(0, rows * 6).Select(i => (byte)(i / 6 * 10 + i % 6))];
        byte[] labels = [.. Enumerable.Range(0, rows).Select(row => (byte)(row % 3))];
        string ending = gzip ? ".gz" : "";
        return (Write(folder.File("images" + ending), Bytes(pixels, rows, 2, 3)), Write(folder.File("labels" + ending), Bytes(labels, rows)));
    }

    /// <summary>The header of the dimensions, then the values, whether they fit or not.</summary>
    public static byte[] Bytes(byte[] values, params int[] dimensions)
    {
        var bytes = new byte[4 + 4 * dimensions.Length + values.Length];
        (bytes[2], bytes[3]) = (8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), dimensions[i]);
        values.CopyTo(bytes, 4 + 4 * dimensions.Length);
        return bytes;
    }

    /// <summary>Writes a file, compressed where its name ends in .gz.</summary>
    /// <returns>The path.</returns>
    public static string Write(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, path.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(bytes) : bytes);
        return path;
    }

    /// <summary>Cuts bytes off the end of a file, as an interrupted copy does.</summary>
    public static void Truncate(string path, int bytes)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - bytes);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
