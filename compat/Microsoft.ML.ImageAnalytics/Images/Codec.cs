using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>The C interface of compat/native/images.cpp: OpenCV.</summary>
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
            throw new NotSupportedException("OpenCV could not be loaded. It comes from the system here: install the Debian package " +
                "libopencv-imgcodecs-dev (apt-get install libopencv-imgcodecs-dev). The loader said: " + e.Message, e);
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

    [LibraryImport(Library)] private static partial nint im_decode(byte* data, long length, long limit, out int width, out int height);
    [LibraryImport(Library)] private static partial void im_take(nint image, byte* bgra);
}
