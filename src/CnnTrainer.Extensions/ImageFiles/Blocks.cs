namespace CnnMlNet.ImageFiles;

/// <summary>Bytes as they came, in blocks: nothing is allocated for bytes that only a header speaks of, and there may be more than an array holds.</summary>
internal sealed class Blocks
{
    private const int Size = 1 << 20;

    private readonly List<byte[]> _blocks = [];

    public long Length { get; private set; }

    public byte this[long offset] => From(offset)[0];

    /// <summary>Reads until the end of the stream or a total length.</summary>
    public void Fill(Stream stream, long limit)
    {
        while (Length < limit)
        {
            if (Length % Size == 0) _blocks.Add(new byte[Math.Min(Size, limit - Length)]);
            int read = stream.Read(_blocks[^1].AsSpan((int)(Length % Size)));
            if (read == 0) return;
            Length += read;
        }
    }

    public void CopyTo(long offset, Span<float> values)
    {
        while (values.Length > 0)
        {
            var bytes = From(offset);
            if (bytes.Length > values.Length) bytes = bytes[..values.Length];
            for (int i = 0; i < bytes.Length; i++) values[i] = bytes[i];
            offset += bytes.Length;
            values = values[bytes.Length..];
        }
    }

    public bool HasAt(long offset, ReadOnlySpan<byte> expected)
    {
        if (offset < 0 || offset + expected.Length > Length) return false;
        for (int i = 0; i < expected.Length; i++)
        {
            if (this[offset + i] != expected[i]) return false;
        }

        return true;
    }

    private ReadOnlySpan<byte> From(long offset) => _blocks[(int)(offset / Size)].AsSpan((int)(offset % Size));
}
