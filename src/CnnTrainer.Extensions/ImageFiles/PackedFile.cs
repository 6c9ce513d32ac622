using System.IO.Compression;
using System.Security.Cryptography;

namespace CnnMlNet.ImageFiles;

/// <summary>Opens a file that may be compressed by gzip, whatever its name.</summary>
internal static class PackedFile
{
    private const int GzipMagic = 0x1f8b;

    // Random, so that no content has it.
    private static readonly byte[] End = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] PackedEnd = Gzip(End);

    /// <summary>The content as far as it can be read: a cut gzip file ends early, without a complaint.</summary>
    public static Stream Open(string path) => Open(path, out _, end: []);

    /// <summary>The whole content and its length; of a longer one the first bytes, one more than the limit.</summary>
    /// <exception cref="InvalidDataException">The gzip data is damaged.</exception>
    public static (Blocks Content, long Length) ReadAll(string path, long limit)
    {
        // .NET's GZipStream compares checksum and length of what is there, but takes a file that was cut, even inside its checksum, for one
        // that ends. So one more member is appended to what it reads: that comes out only where all before it was whole.
        using var stream = Open(path, out bool packed, PackedEnd);
        byte[] end = packed ? End : [];
        var content = new Blocks();
        try
        {
            content.Fill(stream, limit + end.Length + 1);   // one more than there may be: nothing beyond is unpacked
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, content.Length, e);
        }

        long length = content.Length - end.Length;
        if (length <= limit && !content.HasAt(length, end)) throw Damaged(path, content.Length);
        return (content, length);
    }

    public static InvalidDataException Damaged(string path, long offset, Exception? cause = null) =>
        new($"'{path}' at offset {offset} of what it unpacks to: the gzip data is damaged, cut short or followed by other bytes.", cause);

    private static Stream Open(string path, out bool packed, byte[] end)
    {
        var file = File.OpenRead(path);
        int first = file.ReadByte(), second = file.ReadByte();
        file.Position = 0;
        packed = (first << 8 | second) == GzipMagic;
        return packed ? new GZipStream(new Followed(file, end), CompressionMode.Decompress) : file;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream and then some bytes more.</summary>
    private sealed class Followed(Stream first, byte[] then) : Stream
    {
        private int _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = first.Read(buffer);
            if (read > 0) return read;
            read = Math.Min(buffer.Length, then.Length - _given);
            then.AsSpan(_given, read).CopyTo(buffer);
            _given += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}
