using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnMlNet.Tests;

/// <summary>Bytes of small image files, and pixels.</summary>
internal static class ImageFiles
{
    // 16 x 8 and 16 x 16 pixels of red 200, green 100, blue 50; 16 x 8 pixels of grey, 60 on the left and 200 on the right.
    public const string Baseline = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAACP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJ4Armw//9k=";
    public const string Progressive = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wgARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUAQEAAAAAAAAAAAAAAAAAAAAH/9oADAMBAAIQAxAAAAGcFbZ//8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABBQIf/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPwF//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPwF//8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPyEf/9oADAMBAAIAAwAAABAD/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPxB//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPxB//8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPxAf/9k=";
    public const string GreyJpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACAn/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/ACUrq//Z";

    // 2 x 1 pixels: (10, 20, 30) and (200, 100, 50).
    public const string LosslessWebP = "UklGRiIAAABXRUJQVlA4TBYAAAAvAQAAAA9wCqgr+J7CY/6DBxWI6H8A";

    /// <summary>A PNG of the bits, the colour type (0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA), the rows' bytes and more chunks.</summary>
    public static byte[] Png(int width, int height, int bits, int colour, byte[] rows, params (string Name, byte[] Data)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, (byte)colour);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            foreach (byte[] row in rows.Chunk(rows.Length / height)) zlib.Write([0, .. row]);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. chunks.SelectMany(c => Chunk(c.Name, c.Data)),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A BMP of 24 bits, its rows from the bottom up, blue first, each filled up to four bytes.</summary>
    public static byte[] Bmp(int width, int height, byte[] rows)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        foreach (var (at, value) in new[] { (2, 54 + rows.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | 24 << 16), (34, rows.Length) })
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
        return [.. header, .. rows];
    }

    /// <summary>A GIF of one frame whose colour of an index is that many of red, twice of green and three times of blue, below 128.</summary>
    public static byte[] Gif(int width, int height, (int Left, int Top, int Width, int Height) frame, byte[] indices)
    {
        // With a code of 8 bits that empties the table in time, codes stay bytes.
        byte[] codes = [.. indices.Chunk(100).SelectMany(part => part.Prepend((byte)128)), 129];
        return [.. "GIF89a"u8, .. Word(width), .. Word(height), 0xF6, 0, 0, .. Enumerable.Range(0, 128).SelectMany(i => new[] { (byte)i, (byte)(2 * i), (byte)(3 * i) }),
            (byte)',', .. Word(frame.Left), .. Word(frame.Top), .. Word(frame.Width), .. Word(frame.Height), 0,
            7, .. codes.Chunk(255).SelectMany(block => block.Prepend((byte)block.Length)), 0, (byte)';'];

        static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];
    }

    /// <summary>A JPEG with an EXIF orientation, 1 to 8, put in behind its first marker.</summary>
    public static byte[] Turned(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "Exif\0\0"u8, .. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(tiff.Length + 2), .. tiff, .. jpeg[2..]];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data], chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
        }
        return ~crc;
    }
}
