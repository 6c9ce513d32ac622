using System.Buffers.Binary;
using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

[TestClass]
public class ImageFileHeaderTests
{
    private static readonly byte[] Png = ImageFiles.Png(30, 20, 8, 0, new byte[600]);
    private static readonly byte[] Jpeg = Convert.FromBase64String(ImageFiles.Baseline);
    private static readonly byte[] WebP = Convert.FromBase64String(ImageFiles.LosslessWebP);

    private static readonly (byte[] File, long Width, long Height)[] Whole =
    [
        (Png, 30, 20), (Jpeg, 16, 8), (Convert.FromBase64String(ImageFiles.Progressive), 16, 16), (Convert.FromBase64String(ImageFiles.GreyJpeg), 16, 8),
        (ImageFiles.Turned(Jpeg, orientation: 6), 16, 8), ([.. Jpeg[..20], 9, 9, 0xFF, .. Jpeg[20..]], 16, 8), ([.. Jpeg, .. new byte[9000]], 16, 8),
        (WebP, 2, 1), (Riff("VP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 0x34, 0x52, 0x10, 0x40]), 0x1234, 16), (Riff("VP8X", [0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 4, 0, 2]), 65546, 131077),
        (ImageFiles.Bmp(5, 7, new byte[112]), 5, 7), (ImageFiles.Bmp(5, -7, new byte[112]), 5, 7), ([.. "BM"u8, .. new byte[12], 12, 0, 0, 0, 3, 1, 2, 0, .. new byte[20]], 259, 2),
        (ImageFiles.Gif(300, 400, (1, 2, 3, 4), new byte[12]), 300, 400), (ImageFiles.Gif(3, 4, (100, 200, 3, 4), new byte[12]), 103, 204),
        ([.. "GIF89a"u8, 3, 0, 4, 0, 0, 0, 0, (byte)'!', 0xF9, 4, 1, 0, 0, 0, 0, (byte)',', 0, 0, 0, 0, 3, 0, 4, 0, 0], 3, 4),
    ];

    [TestMethod]
    public void Of_WholeFile_GivesItsSize()
    {
        foreach (var (index, (file, width, height)) in Whole.Index()) Assert.AreEqual(new ImageFileHeader(width, height), Of(file), $"file {index}");
    }

    [TestMethod]
    public void Of_FileCutAnywhere_IsCutOffOrUnknown()
    {
        foreach (byte[] file in new[] { Png, Jpeg, WebP, Convert.FromBase64String(ImageFiles.Progressive) })
        {
            for (int length = 0; length < file.Length - 1; length++) Assert.IsTrue(Of(file[..length])?.IsCutOff ?? true, $"{length} bytes of {file.Length}");
            Assert.IsTrue(Of(file[..^1])!.Value.IsCutOff);
        }
    }

    [TestMethod]
    [DataRow(4090), DataRow(4091), DataRow(4092), DataRow(4093), DataRow(4094), DataRow(4095), DataRow(4096), DataRow(4097), DataRow(12_000)]
    public void Of_EndBeforeAppendedBytes_IsFound(int appended)
    {
        Assert.IsFalse(Of([.. Png, .. new byte[appended]])!.Value.IsCutOff);
        Assert.IsFalse(Of([.. Jpeg, .. new byte[appended]])!.Value.IsCutOff);
        Assert.IsTrue(Of([.. Jpeg[..^1], .. new byte[appended]])!.Value.IsCutOff);
    }

    [TestMethod]
    public void Of_AnnouncedGiant_GivesItsSize()
    {
        byte[] png = [.. Png];
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), uint.MaxValue);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), uint.MaxValue);

        Assert.AreEqual(new ImageFileHeader(uint.MaxValue, uint.MaxValue), Of(png));
    }

    [TestMethod]
    public void Of_NoImage_IsUnknown()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("text.png"), "This is text and no image at all, whatever its name says.");

        foreach (string path in new[] { folder.File("text.png"), folder.File("none.png"), folder.Path, "", "a\0b" }) Assert.IsNull(ImageFileHeader.Of(path), path);
    }

    [TestMethod]
    public void Of_MutatedFile_EndsAndReadsNoFurther()
    {
        var random = new Random(3);
        byte[][] files = [.. Whole.Select(whole => whole.File)];
        for (int i = 0; i < 5000; i++)
        {
            byte[] file = [.. files[i % files.Length]];
            for (int flips = random.Next(1, 8); flips > 0; flips--) file[random.Next(file.Length)] = (byte)random.Next(256);
            if (Of(file[..random.Next(file.Length + 1)]) is { } header) Assert.IsTrue(header is { Width: >= 0, Height: >= 0 });
        }
    }

    private static ImageFileHeader? Of(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return ImageFileHeader.Of(stream);
    }

    private static byte[] Riff(string kind, byte[] data)
    {
        byte[] rest = [.. "WEBP"u8, .. System.Text.Encoding.ASCII.GetBytes(kind), .. data, .. new byte[8]];
        return [.. "RIFF"u8, (byte)rest.Length, 0, 0, 0, .. rest];
    }
}
