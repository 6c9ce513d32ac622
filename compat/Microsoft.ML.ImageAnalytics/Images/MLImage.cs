using System.Buffers;

namespace Microsoft.ML.Data;

/// <summary>An image in memory: four bytes a pixel, colours premultiplied by alpha, rows without gaps.</summary>
public sealed class MLImage : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private byte[]? _pixels;   // rented: the garbage collector would sweep its large objects for every few photographs
    private string? _tag;

    /// <summary>The pixels are undefined until they are written.</summary>
    internal MLImage(int width, int height, MLPixelFormat format)
    {
        (_width, _height, _format) = (width, height, format);
        _pixels = ArrayPool<byte>.Shared.Rent(checked(width * height * 4));
    }

    public MLPixelFormat PixelFormat => Known(_format);

    public int Width => Known(_width);

    public int Height => Known(_height);

    public int BitsPerPixel => Known(32);

    public ReadOnlySpan<byte> Pixels => Writable;

    public string? Tag
    {
        get => Known(_tag);
        set => _tag = Known(value);
    }

    /// <summary>Three bytes a pixel, the colours as they are without alpha.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            byte[] from = StraightBgra(), to = new byte[_width * _height * 3];
            for (int source = 0, target = 0; target < to.Length; source += 4, target += 3) from.AsSpan(source, 3).CopyTo(to.AsSpan(target));
            return to;
        }
    }

    internal int RedIndex => _format == MLPixelFormat.Bgra32 ? 2 : 0;

    internal Span<byte> Writable => Known(_pixels)!.AsSpan(0, _width * _height * 4);

    public static MLImage CreateFromStream(Stream imageStream)
    {
        Check.NotNull(imageStream);
        using var bytes = new MemoryStream();
        imageStream.CopyTo(bytes);
        return Codec.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))
            ?? throw NoImage("The stream", nameof(imageStream));
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        Check.NotNull(imagePath);
        return (File.Exists(imagePath) ? Codec.Decode(File.ReadAllBytes(imagePath)) : null)
            ?? throw NoImage(imagePath, nameof(imagePath));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"Pixels are {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32}, not {pixelFormat}.", nameof(pixelFormat));
        if (width <= 0) throw new ArgumentException($"An image is 1 pixel wide or more, not {width}.", nameof(width));
        if (height <= 0) throw new ArgumentException($"An image is 1 pixel high or more, not {height}.", nameof(height));
        if (imagePixelData.Length != (long)width * height * 4)
            throw new ArgumentException($"{width} x {height} pixels take {(long)width * height * 4} bytes, not {imagePixelData.Length}.");
        var image = new MLImage(width, height, pixelFormat);
        imagePixelData.CopyTo(image.Writable);
        return image;
    }

    /// <summary>Writes a PNG, JPEG or WebP file, as the path's extension says; PNG and WebP lose nothing.</summary>
    public void Save(string imagePath)
    {
        string extension = Path.GetExtension(Known(Check.NotNull(imagePath))).ToLowerInvariant();
        if (extension is not (".png" or ".jpg" or ".jpeg" or ".webp"))
            throw new ArgumentException($"An image is saved as .png, .jpg, .jpeg or .webp, not as '{extension}'.", nameof(imagePath));
        File.WriteAllBytes(imagePath, Codec.Encode(this, extension));
    }

    public void Dispose()
    {
        if (_pixels is null) return;
        ArrayPool<byte>.Shared.Return(_pixels);
        _pixels = null;
    }

    internal static ArgumentException NoImage(string what, string parameter) => new($"{what} holds no PNG, JPEG, BMP, GIF or WebP image, or a damaged one.", parameter);

    internal byte[] StraightBgra()
    {
        var from = Pixels;
        var to = new byte[from.Length];
        int red = RedIndex;
        for (int i = 0; i < from.Length; i += 4)
        {
            byte alpha = to[i + 3] = from[i + 3];
            to[i] = Straight(from[i + 2 - red], alpha);
            to[i + 1] = Straight(from[i + 1], alpha);
            to[i + 2] = Straight(from[i + red], alpha);
        }
        return to;
    }

    // As published: colour * 255 / alpha by a reciprocal of 24 bits.
    private static byte Straight(byte colour, byte alpha) => alpha switch
    {
        0 => 0,
        255 => colour,
        _ => (byte)Math.Min(255, (colour * (long)(((255u << 24) + alpha / 2u) / alpha) + (1 << 23)) >> 24),
    };

    private T Known<T>(T value) => _pixels is null ? throw new InvalidOperationException("The image is used after its Dispose.") : value;
}
