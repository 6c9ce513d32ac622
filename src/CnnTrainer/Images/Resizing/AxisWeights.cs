namespace CnnMlNet.Images;

/// <summary>
/// Which pixels of a line a new pixel is made of, and how much of each: a triangle as wide as two pixels of the coarser of both lines, so that
/// making an image smaller averages all that is there. The weights of a pixel add up to 1. Filled again for each image.
/// </summary>
internal sealed class AxisWeights
{
    private int[] _first = [];
    private int[] _count = [];
    private float[] _weights = [];
    private int _stride;
    private (double Begin, double End, int From, int To) _made;

    /// <summary>Makes the weights of a part of a line.</summary>
    /// <param name="begin">Where the part begins, in pixels.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="from">Pixels of the whole line: none beyond it is read.</param>
    /// <param name="to">Pixels that the part becomes.</param>
    public void Set(double begin, double end, int from, int to)
    {
        if (_made == (begin, end, from, to)) return;
        double step = (end - begin) / to, support = Math.Max(step, 1);
        _stride = (int)Math.Ceiling(support) * 2 + 1;
        if (_first.Length < to) (_first, _count) = (new int[to], new int[to]);
        if (_weights.Length < (long)to * _stride) _weights = new float[to * _stride];
        for (int i = 0; i < to; i++) SetOne(i, begin + (i + 0.5) * step, support, from);
        _made = (begin, end, from, to);
    }

    /// <summary>The first pixel, and the weights from it on.</summary>
    public (int First, float[] Weights, int Offset, int Count) At(int pixel) => (_first[pixel], _weights, pixel * _stride, _count[pixel]);

    private void SetOne(int pixel, double centre, double support, int from)
    {
        int first = Math.Max((int)Math.Floor(centre - support + 0.5), 0), end = Math.Min((int)Math.Floor(centre + support + 0.5), from);
        double sum = 0;
        for (int x = first; x < end; x++) sum += Weight(x);
        var weights = _weights.AsSpan(pixel * _stride, end - first);
        for (int x = first; x < end; x++) weights[x - first] = (float)(Weight(x) / sum);
        int zeros = 0;
        while (zeros < weights.Length - 1 && weights[^(zeros + 1)] == 0) zeros++;   // the edge of the triangle
        (_first[pixel], _count[pixel]) = (first, weights.Length - zeros);

        double Weight(int x) => Math.Max(0, 1 - Math.Abs((x + 0.5 - centre) / support));
    }
}
