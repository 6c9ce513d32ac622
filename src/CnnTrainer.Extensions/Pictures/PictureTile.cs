namespace CnnMlNet;

/// <summary>One image of <see cref="Pictures.Images"/> with a caption. Immutable; thread safe. Made by the methods of this class.</summary>
public sealed class PictureTile
{
    private readonly byte[] _pixels;
    private readonly int _channels;

    private PictureTile(byte[] pixels, int channels, int height, int width, string caption, bool isWrong) =>
        (_pixels, _channels, Height, Width, Caption, IsWrong) = (pixels, channels, height, width, caption, isWrong);

    /// <summary>Height in pixels of the image.</summary>
    public int Height { get; }

    /// <summary>Width in pixels of the image.</summary>
    public int Width { get; }

    /// <summary>What stands under it.</summary>
    public string Caption { get; }

    /// <summary>Whether the caption is red.</summary>
    public bool IsWrong { get; }

    /// <summary>An image of numbers.</summary>
    /// <param name="values">The image, [channels, height, width]; finite.</param>
    /// <param name="shape">Its shape: 1 channel for grey, 3 for red, green, blue.</param>
    /// <param name="caption">What stands under it. Default nothing.</param>
    /// <param name="min">What is drawn black, with all below. Default the smallest of the values.</param>
    /// <param name="max">What is drawn white (or in full colour), with all above. Default the largest of the values.</param>
    /// <param name="isWrong">Whether the caption is red. Default false.</param>
    /// <exception cref="ArgumentException">The channels are neither 1 nor 3, there are more or fewer values than the shape says, one is not finite,
    /// or min is above max.</exception>
    public static PictureTile OfImage(
        ReadOnlySpan<float> values, ImageShape shape, string caption = "", float? min = null, float? max = null, bool isWrong = false)
    {
        ArgumentNullException.ThrowIfNull(caption);
        if (shape.Channels is not (1 or 3) || shape.Height < 1 || shape.Width < 1)
            throw new ArgumentException($"No image of {shape} (channels x height x width) is drawn, but of 1 channel (grey) or 3 (red, green, blue).", nameof(shape));
        CheckCount(values.Length, shape.Size, shape.ToString());
        float smallest = float.PositiveInfinity, largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException(FormattableString.Invariant($"The image has the value {value}; finite numbers can be drawn."), nameof(values));
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        double black = min ?? smallest, white = max ?? largest;
        if (!(black <= white && double.IsFinite(white - black)))
            throw new ArgumentException(FormattableString.Invariant($"The range from {black} to {white} is none: min must be at most max."), nameof(min));
        int plane = shape.Height * shape.Width;
        var pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double share = white > black ? (values[i] - black) / (white - black) : 0;
            pixels[i % plane * shape.Channels + i / plane] = (byte)Math.Round(255 * Math.Clamp(share, 0, 1));
        }

        return new PictureTile(pixels, shape.Channels, shape.Height, shape.Width, caption, isWrong);
    }

    /// <summary>A heat map over an image: where it is 0 the image is dark, where it is 1 bright yellow.</summary>
    /// <param name="values">The image, [channels, height, width]; finite.</param>
    /// <param name="shape">Its shape: 1 channel for grey, 3 for red, green, blue.</param>
    /// <param name="heat">The map, [height, width]; 0 to 1, as <see cref="ExtraColumn.GradCam"/> gives it.</param>
    /// <param name="min">What is drawn black, with all below. Default the smallest of the values.</param>
    /// <param name="max">What is drawn white, with all above. Default the largest of the values.</param>
    /// <param name="caption">What stands under it. Default nothing.</param>
    /// <param name="isWrong">Whether the caption is red. Default false.</param>
    /// <exception cref="ArgumentException">As <see cref="OfImage"/>, or the map has another number of values, or one that is not within 0 and 1.</exception>
    public static PictureTile OfHeat(
        ReadOnlySpan<float> values, ImageShape shape, ReadOnlySpan<float> heat, float? min = null, float? max = null, string caption = "", bool isWrong = false)
    {
        const double Strength = 0.6;
        var image = OfImage(values, shape, caption, min, max, isWrong);
        if (heat.Length != shape.Height * shape.Width)
            throw new ArgumentException($"The heat map has {heat.Length} values, but {shape.Height} x {shape.Width} are {shape.Height * shape.Width}.", nameof(heat));
        var pixels = new byte[3 * heat.Length];
        for (int i = 0; i < heat.Length; i++)
        {
            if (heat[i] is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"The heat map has the value {heat[i]}; 0 to 1 is drawn."), nameof(heat));
            int from = i * image._channels;
            double grey = image._pixels.AsSpan(from, image._channels).ToArray().Average(part => part);   // its own colours would pass for heat
            var (red, green, blue) = HeatColour.Of(heat[i]);
            foreach (var (part, colour) in new[] { red, green, blue }.Index()) pixels[3 * i + part] = (byte)Math.Round((1 - Strength) * grey + Strength * colour);
        }

        return new PictureTile(pixels, 3, shape.Height, shape.Width, caption, isWrong);
    }

    /// <summary>An image of class numbers, such as a segmentation: each number has its colour, the same in every tile. 0 is black, a negative number
    /// (not labeled) white.</summary>
    /// <param name="classes">The numbers, [height, width].</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="caption">What stands under it. Default nothing.</param>
    /// <param name="isWrong">Whether the caption is red. Default false.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than pixels.</exception>
    public static PictureTile OfClasses(ReadOnlySpan<int> classes, int height, int width, string caption = "", bool isWrong = false)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        CheckCount(classes.Length, (long)height * width, $"{height} x {width}");
        var pixels = new byte[3 * classes.Length];
        for (int i = 0; i < classes.Length; i++) ClassColour.Of(classes[i]).CopyTo(pixels.AsSpan(3 * i));
        return new PictureTile(pixels, 3, height, width, caption, isWrong);
    }

    /// <summary>The image with each pixel as a square of so many, since viewers that are no browsers blur what they enlarge.</summary>
    internal byte[] ToPng(int scale)
    {
        if (scale == 1) return Png.Encode(_pixels, Width, _channels);
        int width = Width * scale, height = Height * scale;
        var enlarged = new byte[width * height * _channels];
        for (int i = 0; i < enlarged.Length; i++)
        {
            int pixel = i / _channels, y = pixel / width / scale, x = pixel % width / scale;
            enlarged[i] = _pixels[(y * Width + x) * _channels + i % _channels];
        }

        return Png.Encode(enlarged, width, _channels);
    }

    private static void CheckCount(int values, long expected, string shape)
    {
        if (values != expected) throw new ArgumentException($"The image has {values} values, but {shape} are {expected}.", nameof(values));
    }
}
