using System.Runtime.InteropServices;

namespace CnnMlNet.Images;

/// <summary>x * Scale + Shift, one pair for each channel: a <see cref="PixelScaling"/> with its numbers.</summary>
internal sealed record PixelTransform(IReadOnlyList<float> Scale, IReadOnlyList<float> Shift)
{
    public static PixelTransform Identity(int channels) => new([.. Enumerable.Repeat(1f, channels)], new float[channels]);

    public bool IsIdentity => Scale.All(scale => scale == 1) && Shift.All(shift => shift == 0);

    /// <summary>Makes what was chosen, with what the training rows say where it is learned.</summary>
    /// <exception cref="ArgumentException">There are numbers for another count of channels.</exception>
    public static PixelTransform Fit(PixelScaling? scaling, ImageStore images, ReadOnlySpan<int> rows)
    {
        int channels = images.Format.Shape.Channels;
        return (scaling ?? (images.Format.Type == PixelType.Byte ? PixelScaling.ZeroToOne() : PixelScaling.None())) switch
        {
            FixedScaling numbers => Of(numbers, channels),
            FittedScaling => Learned(images, rows),
            _ => Identity(channels),
        };
    }

    /// <summary>Equal numbers.</summary>
    public bool Equals(PixelTransform? other) => other is not null && Scale.SequenceEqual(other.Scale) && Shift.SequenceEqual(other.Shift);

    public override int GetHashCode() => HashCode.Combine(Scale[0], Shift[0]);

    private static PixelTransform Of(FixedScaling numbers, int channels)
    {
        if (numbers.Means.Count != 1 && numbers.Means.Count != channels)
            throw new ArgumentException($"PixelScaling has {numbers.Means.Count} pairs of mean and deviation, but the images have {channels} channels.");
        var pairs = Enumerable.Range(0, channels).Select(channel => numbers.Means.Count == 1 ? 0 : channel).Select(i => (Mean: numbers.Means[i], Deviation: numbers.Deviations[i])).ToList();
        return new([.. pairs.Select(pair => (float)(1 / pair.Deviation))], [.. pairs.Select(pair => (float)(-pair.Mean / pair.Deviation))]);
    }

    private static PixelTransform Learned(ImageStore images, ReadOnlySpan<int> rows)
    {
        var format = images.Format;
        var (channels, pixels) = (format.Shape.Channels, format.Shape.Height * format.Shape.Width);
        var (channelStride, pixelStride) = format.Interleaved ? (1, channels) : (pixels, 1);
        var (means, squares) = (new double[channels], new double[channels]);
        long count = 0;
        images.Visit(rows, (_, bytes) =>
        {
            for (int channel = 0; channel < channels; channel++)
            {
                // Chan, Golub and LeVeque 1979: an image's moments joined to those before, stable for large means.
                var (mean, square) = Spread(bytes, format.Type, channel * channelStride, pixelStride, pixels);
                double difference = mean - means[channel], share = (double)pixels / (count + pixels);
                means[channel] += difference * share;
                squares[channel] += square + difference * difference * count * share;
            }

            count += pixels;
        });

        var deviations = squares.Select(square => square > 0 ? Math.Sqrt(square / count) : 1).ToArray();
        return new([.. deviations.Select(deviation => (float)(1 / deviation))], [.. means.Zip(deviations, (mean, deviation) => (float)(-mean / deviation))]);
    }

    private static (double Mean, double Squares) Spread(ReadOnlySpan<byte> row, PixelType type, int first, int stride, int count)
    {
        var floats = MemoryMarshal.Cast<byte, float>(row);
        double sum = 0, squares = 0;
        for (int i = 0; i < count; i++) sum += At(row, floats, type, first + i * stride);
        double mean = sum / count;
        for (int i = 0; i < count; i++)
        {
            double difference = At(row, floats, type, first + i * stride) - mean;
            squares += difference * difference;
        }

        return (mean, squares);
    }

    private static double At(ReadOnlySpan<byte> bytes, ReadOnlySpan<float> floats, PixelType type, int index) => type == PixelType.Byte ? bytes[index] : floats[index];
}
