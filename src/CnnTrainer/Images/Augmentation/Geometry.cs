using System.Runtime.CompilerServices;

namespace CnnMlNet.Images;

/// <summary>A linear map about the middle of an image: x = XX x' + XY y', y = YX x' + YY y'.</summary>
internal readonly record struct LinearMap(double XX, double XY, double YX, double YY)
{
    public static LinearMap Identity { get; } = new(1, 0, 0, 1);

    /// <summary>What this does to what another gives.</summary>
    public LinearMap After(LinearMap inner) => new(
        XX * inner.XX + XY * inner.YX, XX * inner.XY + XY * inner.YY, YX * inner.XX + YY * inner.YX, YX * inner.XY + YY * inner.YY);
}

/// <summary>
/// Where each pixel comes from: flips and shifts, then one linear map about the middle, then a part that is enlarged. Whatever there is of
/// these, values are read once: as they are where all steps are by whole pixels, else between four pixels (bilinear).
/// </summary>
internal sealed class Geometry
{
    private readonly Raster _raster;
    private readonly double[] _cropRows;
    private readonly double[] _cropColumns;
    private LinearMap _inverse;
    private PaddingMode _padding;
    private bool _resamples;

    public Geometry(Raster raster)
    {
        _raster = raster;
        (Rows, Columns) = (new AxisMap(raster.Height), new AxisMap(raster.Width));
        (_cropRows, _cropColumns) = (new double[raster.Height], new double[raster.Width]);
        Reset();
    }

    /// <summary>The flips and shifts up and down.</summary>
    public AxisMap Rows { get; }

    /// <summary>The flips and shifts to the sides.</summary>
    public AxisMap Columns { get; }

    public void Reset()
    {
        Rows.Reset();
        Columns.Reset();
        _inverse = LinearMap.Identity;
        _resamples = false;
        Enlarge(new Box(0, 0, _raster.Height, _raster.Width));
    }

    /// <summary>One more linear map, by its inverse: from where a pixel goes to where it comes from.</summary>
    public void Add(LinearMap inverse, PaddingMode padding) => (_inverse, _padding, _resamples) = (_inverse.After(inverse), padding, true);

    /// <summary>Lets a part of the image fill the whole, the pixels' areas stretched (align_corners=False of PyTorch).</summary>
    public void Crop(Box part)
    {
        _resamples = true;
        Enlarge(part);
    }

    public void Apply(Span<float> from, Span<float> to, float fill)
    {
        if (_resamples) Resample(from, to, fill);
        else if (Rows.IsIdentity && Columns.IsIdentity) from.CopyTo(to);
        else Move(from, to, fill);
    }

    /// <summary>The same of labels, one a pixel: that of the nearest pixel, 0 where there is none.</summary>
    public void Apply(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int y = 0, pixel = 0; y < _raster.Height; y++)
        {
            for (int x = 0; x < _raster.Width; x++, pixel++)
            {
                var (row, column) = (Rows.From[y], Columns.From[x]);
                if (_resamples)
                {
                    var (fromY, fromX) = Origin(y, x);
                    (row, column) = (Source(Rows, (int)Math.Floor(fromY + 0.5)), Source(Columns, (int)Math.Floor(fromX + 0.5)));
                }

                to[pixel] = (row | column) < 0 ? (byte)0 : from[row * _raster.Width + column];
            }
        }
    }

    private void Enlarge(Box part)
    {
        Stretch(_cropRows, part.Top, part.Height);
        Stretch(_cropColumns, part.Left, part.Width);
    }

    private static void Stretch(double[] places, int first, int length)
    {
        double size = (double)length / places.Length;
        for (int i = 0; i < places.Length; i++) places[i] = first + Math.Clamp((i + 0.5) * size - 0.5, 0, length - 1);
    }

    private void Move(ReadOnlySpan<float> from, Span<float> to, float fill)
    {
        ReadOnlySpan<int> rows = Rows.From, columns = Columns.From;
        int stride = _raster.PixelStride;
        for (int plane = 0; plane < _raster.Planes; plane++)
        {
            for (int y = 0; y < rows.Length; y++)
            {
                var target = to.Slice((plane * _raster.Pixels + y * columns.Length) * stride, columns.Length * stride);
                if (rows[y] < 0) target.Fill(fill);
                else MoveRow(from.Slice((plane * _raster.Pixels + rows[y] * columns.Length) * stride, target.Length), target, columns, stride, fill);
            }
        }
    }

    private static void MoveRow(ReadOnlySpan<float> from, Span<float> to, ReadOnlySpan<int> columns, int stride, float fill)
    {
        for (int x = 0, target = 0; x < columns.Length; x++)
        {
            int source = columns[x] * stride;
            for (int value = 0; value < stride; value++, target++) to[target] = source < 0 ? fill : from[source + value];
        }
    }

    private void Resample(ReadOnlySpan<float> from, Span<float> to, float fill)
    {
        for (int y = 0, pixel = 0; y < _raster.Height; y++)
        {
            for (int x = 0; x < _raster.Width; x++, pixel++)
            {
                var (fromY, fromX) = Origin(y, x);
                int left = (int)Math.Floor(fromX), top = (int)Math.Floor(fromY);
                Blend(from, to, pixel, top, left, (float)(fromY - top), (float)(fromX - left), fill);
            }
        }
    }

    /// <summary>Where a pixel comes from, after the flips and shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (double Y, double X) Origin(int y, int x)
    {
        double middleY = (_raster.Height - 1) / 2.0, middleX = (_raster.Width - 1) / 2.0;
        double dy = _cropRows[y] - middleY, dx = _cropColumns[x] - middleX;
        return (middleY + _inverse.YX * dx + _inverse.YY * dy, middleX + _inverse.XX * dx + _inverse.XY * dy);
    }

    /// <summary>The value between four pixels; one of no weight counts nothing, so that whole pixels stay as they are.</summary>
    private void Blend(ReadOnlySpan<float> from, Span<float> to, int pixel, int top, int left, float down, float right, float fill)
    {
        var (stride, channelStride) = (_raster.PixelStride, _raster.ChannelStride);
        int row = Source(Rows, top), nextRow = Source(Rows, top + 1), column = Source(Columns, left), nextColumn = Source(Columns, left + 1);
        int a = Place(row, column), b = Place(row, nextColumn), c = Place(nextRow, column), d = Place(nextRow, nextColumn);
        float ofB = right * (1 - down), ofC = (1 - right) * down, ofD = right * down, ofA = (1 - right) * (1 - down);
        int target = pixel * stride;
        for (int channel = 0; channel < _raster.Channels; channel++, a += channelStride, b += channelStride, c += channelStride, d += channelStride, target += channelStride)
        {
            to[target] = At(from, a, fill) * ofA + At(from, b, fill) * ofB + At(from, c, fill) * ofC + At(from, d, fill) * ofD;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Source(AxisMap map, int place) => (place = PaddedIndex.Of(_padding, place, map.From.Length)) < 0 ? -1 : map.From[place];

    private int Place(int row, int column) => (row | column) < 0 ? int.MinValue : (row * _raster.Width + column) * _raster.PixelStride;

    private static float At(ReadOnlySpan<float> image, int place, float fill) => place < 0 ? fill : image[place];
}
