namespace CnnMlNet.Images;

/// <summary>What an image file says of itself before it is decoded: PNG, JPEG, BMP, GIF or WebP, whatever its name.</summary>
/// <param name="Width">Pixels; 0 where the file does not say.</param>
/// <param name="Height">Pixels; 0 where the file does not say.</param>
/// <param name="IsCutOff">Whether its end is missing, which a decoder may pass over in silence. Known of PNG, JPEG and WebP.</param>
internal readonly record struct ImageFileHeader(long Width, long Height, bool IsCutOff = false)
{
    private const int MostBytes = 30;

    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static ReadOnlySpan<byte> PngEnd => [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];   // the last chunk's name and checksum
    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];   // within coded data a byte of 0xFF never comes before this one

    /// <summary>Reads only the bytes it needs. Null where there is no such file, or no known image in it: what decodes it says that.</summary>
    public static ImageFileHeader? Of(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <param name="file">A stream at its beginning that can seek.</param>
    public static ImageFileHeader? Of(Stream file)
    {
        Span<byte> head = stackalloc byte[MostBytes];
        head = head[..file.ReadAtLeast(head, MostBytes, throwOnEndOfStream: false)];
        if (head.StartsWith<byte>([0xFF, 0xD8, 0xFF])) return Jpeg(file);
        if (head.StartsWith("GIF8"u8) && head.Length >= 13) return Gif(file, head);
        if (head.Length < MostBytes) return null;
        if (head.StartsWith(PngStart))
            return new(Big(head[16..20]), Big(head[20..24]), !Has(file, PngEnd, 24));
        if (head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return WebP(head, file.Length);
        return head.StartsWith("BM"u8) ? Bmp(head) : null;
    }

    private static ImageFileHeader Bmp(ReadOnlySpan<byte> head) => head[14] == 12
        ? new(Little(head[18..20]), Little(head[20..22]))
        : new(Math.Abs((long)(int)Little(head[18..22])), Math.Abs((long)(int)Little(head[22..26])));   // a height below 0: the top row first

    private static ImageFileHeader? WebP(ReadOnlySpan<byte> head, long length)
    {
        bool isCutOff = Little(head[4..8]) + 8 > length;
        long bits = Little(head[21..25]);
        if (head[12..].StartsWith("VP8 "u8)) return new(Little(head[26..28]) & 0x3FFF, Little(head[28..30]) & 0x3FFF, isCutOff);
        if (head[12..].StartsWith("VP8L"u8)) return new((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, isCutOff);
        return head[12..].StartsWith("VP8X"u8) ? new(Little(head[24..27]) + 1, Little(head[27..30]) + 1, isCutOff) : null;
    }

    /// <summary>The screen, and the first frame where it reaches beyond it.</summary>
    private static ImageFileHeader? Gif(Stream file, ReadOnlySpan<byte> head)
    {
        file.Position = 13 + ((head[10] & 0x80) == 0 ? 0 : 6 << (head[10] & 7));   // behind the colours of all frames
        int kind;
        while ((kind = file.ReadByte()) == '!')
        {
            file.Position++;
            for (int block; (block = file.ReadByte()) > 0;) file.Position += block;
        }

        Span<byte> frame = stackalloc byte[8];
        if (kind != ',' || file.ReadAtLeast(frame, 8, throwOnEndOfStream: false) < 8) return null;
        return new(Math.Max(Little(head[6..8]), Little(frame[..2]) + Little(frame[4..6])), Math.Max(Little(head[8..10]), Little(frame[2..4]) + Little(frame[6..8])));
    }

    private static ImageFileHeader? Jpeg(Stream file)
    {
        Span<byte> part = stackalloc byte[7];
        for (file.Position = 2; ;)
        {
            int marker;
            while ((marker = file.ReadByte()) is not (0xFF or -1)) { }   // bytes that belong to nothing
            while (marker == 0xFF) marker = file.ReadByte();
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) continue;   // these have no length
            if (file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length || marker is -1 or 0xD9 or 0xDA) return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return new(Big(part[5..7]), Big(part[3..5]), !Has(file, JpegEnd, file.Position));
            file.Position += Math.Max(2, Big(part[..2])) - part.Length;
        }
    }

    /// <summary>Whether a file has these bytes behind a place: at its end, unless something was appended to it.</summary>
    private static bool Has(Stream file, ReadOnlySpan<byte> end, long place)
    {
        var block = new byte[4096];
        for (long stop = file.Length; ;)
        {
            long start = Math.Max(place, stop - block.Length);
            file.Position = start;
            var part = block.AsSpan(0, (int)(stop - start));
            file.ReadExactly(part);
            if (part.IndexOf(end) >= 0) return true;
            if (start == place) return false;
            stop = start + end.Length - 1;   // they may lie across two blocks
        }
    }

    private static long Big(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        foreach (byte part in bytes) value = value << 8 | part;
        return value;
    }

    private static long Little(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int i = bytes.Length; i-- > 0;) value = value << 8 | bytes[i];
        return value;
    }
}
