using CnnMlNet.Images;

namespace CnnMlNet.Duplicates;

/// <summary>64 bits that say where an image gets brighter from left to right. Not thread safe: its buffers are used again.</summary>
/// <param name="raster">How the values of an image lie.</param>
internal sealed class DifferenceHash(Raster raster)
{
    private const int Rows = 8, Columns = 9;

    // Brighter counts from this part of the range on: in an even background a plain comparison would hash the noise.
    private const float Noise = 64;

    private readonly (int First, float[] Shares)[] _rows = Fields(raster.Height, Rows);
    private readonly (int First, float[] Shares)[] _columns = Fields(raster.Width, Columns);
    private readonly float[] _grey = new float[raster.Pixels];
    private readonly float[] _narrow = new float[raster.Height * Columns];
    private readonly float[] _fields = new float[Rows * Columns];

    /// <summary>The hash; null for an image of one brightness.</summary>
    public ulong? Of<T>(ReadOnlySpan<T> image, Func<T, float> number)
    {
        Array.Clear(_grey);
        for (int channel = 0; channel < raster.Channels; channel++)
            for (int pixel = 0; pixel < _grey.Length; pixel++) _grey[pixel] += number(image[channel * raster.ChannelStride + pixel * raster.PixelStride]);
        for (int y = 0; y < raster.Height; y++)
            for (int x = 0; x < Columns; x++) _narrow[y * Columns + x] = Mean(_grey, y * raster.Width, 1, _columns[x]);

        for (int y = 0; y < Rows; y++)
            for (int x = 0; x < Columns; x++) _fields[y * Columns + x] = Mean(_narrow, x, Columns, _rows[y]);
        float most = _fields.Max(), least = _fields.Min();
        return most - least > 1e-5f * Math.Max(Math.Abs(most), Math.Abs(least)) ? Bits((most - least) / Noise) : null;   // less is rounding
    }

    private ulong Bits(float more)
    {
        ulong hash = 0;
        for (int field = 0; field < _fields.Length; field++)
            if (field % Columns != 0) hash = hash << 1 | (_fields[field] - _fields[field - 1] > more ? 1ul : 0);
        return hash;
    }

    private static float Mean(float[] values, int start, int stride, (int First, float[] Shares) field)
    {
        float sum = 0;
        for (int i = 0; i < field.Shares.Length; i++) sum += values[start + (field.First + i) * stride] * field.Shares[i];
        return sum;
    }

    /// <summary>What share each pixel of a line has in each of some fields of equal length: borders may cut pixels.</summary>
    private static (int First, float[] Shares)[] Fields(int pixels, int count) => [.. Enumerable.Range(0, count).Select(field =>
    {
        double length = (double)pixels / count, from = field * length, to = from + length;
        int first = (int)from, end = Math.Min(pixels, (int)Math.Ceiling(to));
        return (first, Enumerable.Range(first, end - first).Select(pixel => (float)((Math.Min(to, pixel + 1) - Math.Max(from, pixel)) / length)).ToArray());
    })];
}
