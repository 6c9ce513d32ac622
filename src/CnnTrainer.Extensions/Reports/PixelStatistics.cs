using CnnMlNet.Images;

namespace CnnMlNet.Reports;

/// <summary>Mean, deviation, range and distribution of the values of each channel.</summary>
internal sealed class PixelStatistics(ImageShape shape, PixelType type)
{
    private const int Bins = 64, MostSampled = 1 << 20, MostOfImage = 4096;
    private readonly ChannelSums[] _channels = [.. Enumerable.Range(0, shape.Channels).Select(_ => new ChannelSums())];
    private bool _isWhole = true;

    /// <summary>Values that are looked at in a channel of an image; neighbours of other rows and columns, as the step is odd.</summary>
    private int Step => shape.Height * shape.Width / MostOfImage is 0 ? 1 : shape.Height * shape.Width / MostOfImage | 1;

    public void Add(ReadOnlySpan<float> image)
    {
        int plane = shape.Height * shape.Width;
        for (int i = 0; i < _channels.Length; i++) Add(_channels[i], image.Slice(i * plane, plane));
    }

    /// <summary>What is drawn black and white.</summary>
    public (float Min, float Max) Range()
    {
        float min = _channels.Min(channel => channel.Least), max = _channels.Max(channel => channel.Most);
        if (type == PixelType.Byte) return (0, 255);
        if (min >= 0 && max <= 1) return (0, 1);
        return min >= 0 && max <= 255 && _isWhole ? (0, 255) : (min, max);
    }

    public PixelData ToData()
    {
        var (min, max) = Range();
        double from = Math.Min(min, _channels.Min(channel => channel.Least)), to = Math.Max(max, _channels.Max(channel => channel.Most));
        if (to <= from) to = from + 1;
        string[] names = shape.Channels switch { 1 => ["grey"], 3 => ["red", "green", "blue"], _ => [.. Enumerable.Range(0, shape.Channels).Select(i => $"channel {i}")] };
        bool isSample = Step > 1 || _channels.Any(channel => channel.Count > channel.Sample.Count);
        return new PixelData(from, to, Bins, _channels.Sum(channel => (long)channel.Sample.Count), isSample, [.. _channels.Zip(names, (channel, name) =>
            new ChannelData(name, channel.Mean, Math.Sqrt(channel.Squares / channel.Count), channel.Least, channel.Most, Shares(channel.Sample, from, to)))]);
    }

    private void Add(ChannelSums channel, ReadOnlySpan<float> values)
    {
        int step = Step, count = 0;
        double sum = 0, squares = 0;
        for (int i = 0; i < values.Length; i += step, count++)
        {
            float value = values[i];
            sum += value;
            channel.Least = Math.Min(channel.Least, value);
            channel.Most = Math.Max(channel.Most, value);
            if (_isWhole && !float.IsInteger(value)) _isWhole = false;
            if (channel.Sample.Count < MostSampled) channel.Sample.Add(value);
        }

        double mean = sum / count;
        for (int i = 0; i < values.Length; i += step) squares += (values[i] - mean) * (values[i] - mean);

        // Chan, Golub and LeVeque, 1979: means and squares of two parts together.
        double all = channel.Count + count, difference = mean - channel.Mean;
        channel.Squares += squares + difference * difference * channel.Count * count / all;
        channel.Mean += difference * count / all;
        channel.Count += count;
    }

    private static double[] Shares(List<float> values, double from, double to)
    {
        var counts = new double[Bins];
        foreach (float value in values) counts[Math.Clamp((int)((value - from) / (to - from) * Bins), 0, Bins - 1)]++;
        return [.. counts.Select(count => Math.Round(count / values.Count, 6))];
    }

    private sealed class ChannelSums
    {
        public long Count { get; set; }

        public double Mean { get; set; }

        public double Squares { get; set; }

        public float Least { get; set; } = float.PositiveInfinity;

        public float Most { get; set; } = float.NegativeInfinity;

        public List<float> Sample { get; } = [];
    }
}
