using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>The C interface of compat/native/images.cpp: OpenCV and giflib.</summary>
internal static unsafe partial class Codec
{
    private const string Library = "imageshim";

    // An array holds no more bytes.
    private static readonly long MostPixels = Array.MaxLength / 4;

    static Codec()
    {
        try
        {
            NativeLibrary.Load(Library, typeof(Codec).Assembly, DllImportSearchPath.AssemblyDirectory);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException("OpenCV or giflib could not be loaded. They come from the system here: install the Debian packages " +
                "libopencv-imgcodecs-dev and libgif-dev (apt-get install libopencv-imgcodecs-dev libgif-dev). The loader said: " + e.Message, e);
        }
    }

    /// <summary>An image file's pixels, or null if the bytes are no image.</summary>
    internal static MLImage? Decode(ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            nint handle = im_decode(bytes, file.Length, MostPixels, out int width, out int height);
            if (handle == 0) return null;
            var image = new MLImage(width, height, MLPixelFormat.Bgra32);
            fixed (byte* pixels = image.Writable) im_take(handle, pixels);
            return image;
        }
    }

    /// <summary>A file of the format that the extension names.</summary>
    internal static byte[] Encode(MLImage image, string extension)
    {
        byte[] colours = image.StraightBgra(), file = new byte[colours.Length * 2L + 65536];   // an encoder may lose a little, never so much
        fixed (byte* from = colours, to = file)
            return file[..(int)Done(im_encode(extension, from, image.Width, image.Height, to, file.Length))];
    }

    /// <summary>Draws an image stretched over a rectangle of another of the same pixel format.</summary>
    internal static void Draw(MLImage image, MLImage on, int x, int y, int width, int height)
    {
        fixed (byte* from = image.Pixels, to = on.Writable)
            Done(im_draw(from, image.Width, image.Height, to, on.Width, on.Height, x, y, width, height));
    }

    private static long Done(long result) => result > 0 ? result : throw new InvalidOperationException("OpenCV failed on an image: it has no memory left, or lacks the format.");

    [LibraryImport(Library)] private static partial nint im_decode(byte* data, long length, long limit, out int width, out int height);
    [LibraryImport(Library)] private static partial void im_take(nint image, byte* bgra);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long im_encode(string extension, byte* bgra, int width, int height, byte* file, long capacity);
    [LibraryImport(Library)]
    private static partial long im_draw(byte* from, int width, int height, byte* to, int toWidth, int toHeight, int x, int y, int w, int h);
}
