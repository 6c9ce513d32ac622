using System.Runtime.InteropServices;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML.Data;

/// <summary>Images made of images: another size, grey.</summary>
internal static class Resizing
{
    /// <summary>Draws the whole image over a rectangle, which may reach beyond the new one. Its numbers are cut floats, as published.</summary>
    internal static MLImage Resize(this MLImage image, int width, int height, ResizingKind kind, Anchor anchor)
    {
        if (kind == ResizingKind.Fill) return Nearest(image, width, height);
        float across = (float)width / image.Width, down = (float)height / image.Height;
        bool pads = kind == ResizingKind.IsoPad, isAcross = down < across == pads;
        float scale = isAcross ? down : across;
        int x = isAcross ? Start(width - image.Width * scale, pads, anchor, Anchor.Left, Anchor.Right) : 0;
        int y = isAcross ? 0 : Start(height - image.Height * scale, pads, anchor, Anchor.Top, Anchor.Bottom);
        var result = new MLImage(width, height, MLPixelFormat.Bgra32);
        result.Writable.Clear();
        var (w, h) = ((int)(image.Width * scale), (int)(image.Height * scale));
        if (image.PixelFormat == MLPixelFormat.Bgra32)
        {
            Codec.Draw(image, result, x, y, w, h);
            return result;
        }
        using var turned = image.InBgra();
        Codec.Draw(turned, result, x, y, w, h);
        return result;
    }

    internal static MLImage Grey(this MLImage image)
    {
        var result = new MLImage(image.Width, image.Height, MLPixelFormat.Bgra32);
        var from = image.Pixels;
        var to = result.Writable;
        int red = image.RedIndex;
        for (int i = 0; i < from.Length; i += 4)
        {
            float grey = 0.3f * from[i + red] + 0.59f * from[i + 1] + 0.11f * from[i + 2 - red];
            to[i] = to[i + 1] = to[i + 2] = (byte)(grey + 0.5f);
            to[i + 3] = from[i + 3];
        }
        return result;
    }

    // The room is negative when the image is cropped.
    private static int Start(float room, bool pads, Anchor anchor, Anchor first, Anchor last) =>
        pads || anchor != first && anchor != last ? (int)(room / 2) : anchor == first ? 0 : (int)room;

    // As published, no filter.
    private static MLImage Nearest(MLImage image, int width, int height)
    {
        var result = new MLImage(width, height, image.PixelFormat);
        var from = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        var to = MemoryMarshal.Cast<byte, uint>(result.Writable);
        for (int y = 0; y < height; y++)
        {
            var row = from.Slice(Source(y, image.Height, height) * image.Width, image.Width);
            for (int x = 0; x < width; x++) to[y * width + x] = row[Source(x, image.Width, width)];
        }
        return result;

        // The pixel under the centre.
        static int Source(int at, int old, int now) => (int)((2L * at + 1) * old / (2L * now));
    }

    private static MLImage InBgra(this MLImage image)
    {
        var result = new MLImage(image.Width, image.Height, MLPixelFormat.Bgra32);
        var from = image.Pixels;
        var to = result.Writable;
        for (int i = 0; i < from.Length; i += 4) (to[i], to[i + 1], to[i + 2], to[i + 3]) = (from[i + 2], from[i + 1], from[i], from[i + 3]);
        return result;
    }
}
