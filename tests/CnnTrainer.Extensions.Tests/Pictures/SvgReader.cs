using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace CnnMlNet.Tests;

/// <summary>Reads back what pictures say.</summary>
internal static class SvgReader
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    public static List<XElement> Marks(this SvgPicture picture, string name)
    {
        var root = XDocument.Parse(picture.Svg).Root!;
        Assert.AreEqual(Namespace + "svg", root.Name);
        Assert.AreEqual((picture.Width, picture.Height), ((int)root.Attribute("width")!, (int)root.Attribute("height")!));
        return [.. root.Elements(Namespace + name)];
    }

    /// <summary>The texts that show, without what shows under the mouse.</summary>
    public static List<string> Texts(this SvgPicture picture, string? anchor = null) =>
        [.. picture.Marks("text").Where(mark => anchor is null || (string?)mark.Attribute("text-anchor") == anchor).Select(mark => string.Concat(mark.Nodes().OfType<XText>().Select(text => text.Value)))];

    /// <summary>The curves: all paths but those of the legend, which are two points at one height.</summary>
    public static List<(double X, double Y)[]> Curves(this SvgPicture picture) =>
        [.. picture.Marks("path").Select(Points).Where(points => points.Length != 2 || points[1].X - points[0].X != 22 || points[0].Y != points[1].Y)];

    public static double Number(this XElement mark, string attribute) => double.Parse(mark.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The pixels of all images, decoded, with their width and channels.</summary>
    public static List<(byte[] Pixels, int Width, int Channels)> Images(this SvgPicture picture) =>
        [.. picture.Marks("image").Select(mark => Decode(Convert.FromBase64String(mark.Attribute("href")!.Value["data:image/png;base64,".Length..])))];

    /// <summary>Every part within the picture, as far as its place says.</summary>
    public static void AssertWithin(this SvgPicture picture)
    {
        foreach (var mark in picture.Marks("image").Concat(picture.Marks("rect").Skip(1)))
        {
            Assert.IsGreaterThanOrEqualTo(0, mark.Number("x"));
            Assert.IsLessThanOrEqualTo(picture.Width, mark.Number("x") + mark.Number("width"));
            Assert.IsLessThanOrEqualTo(picture.Height, mark.Number("y") + mark.Number("height"));
        }

        foreach (var text in picture.Marks("text"))
        {
            Assert.IsInRange(0, picture.Width, text.Number("x"));
            Assert.IsInRange(0, picture.Height, text.Number("y"));
        }
    }

    private static (double X, double Y)[] Points(XElement path) =>
        [.. path.Attribute("d")!.Value[1..].Split('L').Select(point => point.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())
            .Select(point => (point[0], point[1]))];

    private static (byte[] Pixels, int Width, int Channels) Decode(byte[] png)
    {
        CollectionAssert.AreEqual(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }, png[..8]);
        var chunks = new List<(string Type, byte[] Data)>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            Assert.AreEqual(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }

        Assert.AreEqual("IHDR IDAT IEND", string.Join(' ', chunks.Select(chunk => chunk.Type)));
        var header = chunks[0].Data;
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)), channels = header[9] == 0 ? 1 : 3;
        CollectionAssert.AreEqual(new byte[] { 8, (byte)(channels == 1 ? 0 : 2), 0, 0, 0 }, header[8..]);
        using var rows = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        var pixels = new byte[height * width * channels];
        for (int y = 0, row = width * channels; y < height; y++)
        {
            Assert.AreEqual(0, rows.ReadByte(), "the row's filter");
            rows.ReadExactly(pixels, y * row, row);
        }

        Assert.AreEqual(-1, rows.ReadByte());
        return (pixels, width, channels);
    }

    /// <summary>Bit by bit, as the standard defines it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
