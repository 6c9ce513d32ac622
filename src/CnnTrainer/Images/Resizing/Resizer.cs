using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnMlNet.Images;

/// <summary>
/// Makes images of any size ones of one size: 4 bytes a pixel become planar bytes, red, green, blue or grey. Lines are averaged from top to
/// bottom first, a target line at a time, so that each pixel of a photograph is read about twice and no more than one line of it is kept. The sums
/// are of float32 and have an order of their own, so the bytes are the same on every machine. One thread at a time; nothing is allocated
/// where images are no larger than those before.
/// </summary>
/// <param name="channels">Of what comes out: 1 or 3.</param>
/// <param name="toHeight">Its height in pixels.</param>
/// <param name="toWidth">Its width in pixels.</param>
/// <param name="mode">What becomes of the proportions.</param>
internal sealed class Resizer(int channels, int toHeight, int toWidth, ImageResizing mode)
{
    private const int PixelBytes = 4;

    private readonly AxisWeights _horizontal = new();
    private readonly AxisWeights _vertical = new();
    private float[] _line = [];

    /// <summary>Resizes an image; what the fourth byte of a pixel says of its opacity is ignored.</summary>
    /// <param name="source">Its lines from top to bottom.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="stride">Bytes from line to line.</param>
    /// <param name="redFirst">Whether the bytes of a pixel are red, green, blue, not blue, green, red.</param>
    /// <param name="target">[C, H, W].</param>
    public void Resize(ReadOnlySpan<byte> source, int height, int width, int stride, bool redFirst, Span<byte> target)
    {
        var (left, right, wide, x) = PartOf(width, toWidth, (double)toHeight / height);
        var (top, bottom, high, y) = PartOf(height, toHeight, (double)toWidth / width);
        if (wide < toWidth || high < toHeight) target.Clear();
        _horizontal.Set(left, right, width, wide);
        _vertical.Set(top, bottom, height, high);
        if (_line.Length < width * PixelBytes) _line = new float[width * PixelBytes];
        int red = redFirst ? 0 : 2;
        for (int row = 0; row < high; row++)
        {
            Average(source, stride, width * PixelBytes, row);
            Write(target[((y + row) * toWidth + x)..], wide, red);
        }
    }

    /// <summary>The part of a line that is used, the pixels it becomes and where they begin.</summary>
    private (double Begin, double End, int Size, int Place) PartOf(int from, int to, double otherScale)
    {
        double scale = (double)to / from;
        if (mode == ImageResizing.Pad && otherScale < scale)
        {
            int size = Math.Clamp((int)Math.Round(from * otherScale, MidpointRounding.AwayFromZero), 1, to);
            return (0, from, size, (to - size) / 2);
        }

        double used = mode == ImageResizing.Crop && otherScale > scale ? to / otherScale : from;
        return ((from - used) / 2, (from + used) / 2, to, 0);
    }

    /// <summary>A line of the target, in the width of the source.</summary>
    private void Average(ReadOnlySpan<byte> source, int stride, int values, int row)
    {
        var (first, weights, offset, count) = _vertical.At(row);
        ref byte lines = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), (nint)first * stride);
        _ = source.Slice(checked((first + count - 1) * stride), values);   // all that is read below is there
        ref float line = ref MemoryMarshal.GetArrayDataReference(_line);
        int i = 0;
        for (; i <= values - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            ref byte at = ref Unsafe.Add(ref lines, i);
            for (int k = 0; k < count; k++, at = ref Unsafe.Add(ref at, stride))
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref at));
                var (first0, first1) = Vector256.Widen(low);
                var (last0, last1) = Vector256.Widen(high);
                var weight = Vector256.Create(weights[offset + k]);
                a += Vector256.ConvertToSingle(first0.AsInt32()) * weight;
                b += Vector256.ConvertToSingle(first1.AsInt32()) * weight;
                c += Vector256.ConvertToSingle(last0.AsInt32()) * weight;
                d += Vector256.ConvertToSingle(last1.AsInt32()) * weight;
            }

            a.StoreUnsafe(ref line, (nuint)i);
            b.StoreUnsafe(ref line, (nuint)i + 8);
            c.StoreUnsafe(ref line, (nuint)i + 16);
            d.StoreUnsafe(ref line, (nuint)i + 24);
        }

        for (; i < values; i++)
        {
            float sum = 0;
            for (int k = 0; k < count; k++) sum += Unsafe.Add(ref lines, i + (nint)k * stride) * weights[offset + k];
            _line[i] = sum;
        }
    }

    /// <summary>The line in the width of the target.</summary>
    private void Write(Span<byte> target, int wide, int red)
    {
        int plane = channels == 1 ? 0 : toHeight * toWidth, firstPlane = red * plane, lastPlane = 2 * plane - firstPlane;
        _ = target[2 * plane + wide - 1];   // all that is written below is there
        ref byte to = ref MemoryMarshal.GetReference(target);
        for (int x = 0; x < wide; x++, to = ref Unsafe.Add(ref to, 1))
        {
            var (first, weights, offset, count) = _horizontal.At(x);
            ref float at = ref MemoryMarshal.GetReference(_line.AsSpan(first * PixelBytes, count * PixelBytes));
            ref float weight = ref MemoryMarshal.GetReference(weights.AsSpan(offset, count));
            Vector128<float> sum = default;
            for (int k = 0; k < count; k++) sum += Vector128.LoadUnsafe(ref at, (nuint)(k * PixelBytes)) * Unsafe.Add(ref weight, k);
            if (channels == 1) sum = Vector128.Create(Grey.Of(sum[red], sum[1], sum[2 - red]));
            var rounded = Vector128.ConvertToInt32(Vector128.Clamp(sum + Vector128.Create(0.5f), Vector128<float>.Zero, Vector128.Create(255f)));
            Unsafe.Add(ref to, firstPlane) = (byte)rounded[0];
            Unsafe.Add(ref to, plane) = (byte)rounded[1];
            Unsafe.Add(ref to, lastPlane) = (byte)rounded[2];
        }
    }
}
