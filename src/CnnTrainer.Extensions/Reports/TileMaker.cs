using System.Globalization;

namespace CnnMlNet.Reports;

/// <summary>Makes images that stand in the page.</summary>
internal static class TileMaker
{
    private const int MostSide = 80;   // pixels: noise in colour of this size is 26 kB

    public static ImageTile Of(PictureTile picture, string text, IReadOnlyList<string> lines, bool isWrong = false) =>
        new("data:image/png;base64," + Convert.ToBase64String(picture.ToPng(scale: 1)), picture.Width, picture.Height, text, lines, isWrong);

    /// <summary>A test image with what was predicted, how probably, and what is true.</summary>
    public static ImageTile Of(KeptImage image, ImageShape shape, IReadOnlyList<string> classes, (float Min, float Max) range)
    {
        var (predicted, truth, probability) = (classes[image.Row.Predicted], classes[image.Row.Truth], Percent(image.Row.OfPredicted));
        var text = string.Create(CultureInfo.InvariantCulture, $"Test row {image.Row.Row}: predicted {predicted} with {probability}, true {truth}");
        return Of(Picture(image.Shown, shape, range), text, [predicted, "true: " + truth, probability], !image.Row.IsRight);
    }

    /// <summary>An image in grey or colour, no larger than it needs be; of other channels the first.</summary>
    public static PictureTile Picture(float[] values, ImageShape shape, (float Min, float Max) range)
    {
        var (small, size) = Shrink(values, shape with { Channels = shape.Channels == 3 ? 3 : 1 });
        return PictureTile.OfImage(small, size, min: range.Min, max: range.Max);
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    /// <summary>Means of squares, where the image is large.</summary>
    public static (float[] Values, ImageShape Shape) Shrink(ReadOnlySpan<float> values, ImageShape shape)
    {
        int factor = (Math.Max(shape.Height, shape.Width) + MostSide - 1) / MostSide, size = (int)shape.Size;
        if (factor == 1) return (values[..size].ToArray(), shape);
        var small = shape with { Height = (shape.Height + factor - 1) / factor, Width = (shape.Width + factor - 1) / factor };
        int area = small.Height * small.Width, plane = shape.Height * shape.Width;
        var (sums, counts) = (new float[small.Size], new int[area]);
        for (int i = 0; i < size; i++)
        {
            int channel = i / plane, place = i % plane / shape.Width / factor * small.Width + i % shape.Width / factor;
            sums[channel * area + place] += values[i];
            if (channel == 0) counts[place]++;
        }

        for (int i = 0; i < sums.Length; i++) sums[i] /= counts[i % area];
        return (sums, small);
    }
}
