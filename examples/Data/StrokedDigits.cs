using System.Buffers.Binary;

namespace CnnMlNet.Examples;

/// <summary>
/// Generated digits for a machine without data: strokes, each image with its own rotation, shear, size, place, thickness and noise.
/// The same seed gives the same files.
/// </summary>
internal static class StrokedDigits
{
    private const int Side = 28;

    // A polyline a digit, in a unit square, x to the right and y down.
    private static readonly string[] Strokes =
    [
        ".5 0 .2 .15 .1 .5 .2 .85 .5 1 .8 .85 .9 .5 .8 .15 .5 0",
        ".25 .25 .55 0 .55 1",
        ".1 .25 .3 .02 .7 .02 .88 .25 .75 .5 .1 1 .92 1",
        ".1 .08 .85 .08 .45 .42 .8 .55 .88 .78 .65 1 .3 1 .08 .85",
        ".7 1 .7 0 .08 .68 .95 .68",
        ".85 .02 .2 .02 .15 .45 .6 .4 .88 .6 .82 .88 .5 1 .1 .9",
        ".8 .05 .4 .12 .15 .5 .15 .8 .45 1 .8 .85 .82 .6 .5 .48 .18 .65",
        ".08 .03 .92 .03 .4 1",
        ".5 .48 .2 .3 .25 .08 .5 0 .75 .08 .8 .3 .5 .48 .12 .72 .2 .92 .5 1 .8 .92 .88 .72 .5 .48",
        ".82 .38 .5 .52 .2 .38 .2 .12 .5 0 .8 .12 .82 .38 .75 1",
    ];

    /// <summary>Writes training and test images as IDX files.</summary>
    public static IdxFiles Create(string folder, int seed, int train = 10_000, int test = 1_000)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        Write(folder, "train", train, random);
        Write(folder, "t10k", test, random);
        return new IdxFiles(folder);
    }

    private static void Write(string folder, string name, int count, Random random)
    {
        var images = new byte[16 + count * Side * Side];
        var labels = new byte[8 + count];
        Header(images, 0x0803, count, Side, Side);
        Header(labels, 0x0801, count);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)random.Next(10);
            Draw(images.AsSpan(16 + i * Side * Side, Side * Side), labels[8 + i], random);
        }

        File.WriteAllBytes(Path.Combine(folder, name + "-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, name + "-labels-idx1-ubyte"), labels);
    }

    private static void Header(Span<byte> file, params ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file[(4 * i)..], values[i]);
    }

    private static void Draw(Span<byte> image, int digit, Random random)
    {
        var segments = Segments(digit, random);
        double thickness = Between(random, 0.4, 1.6);   // pixels, half of it to each side
        double noise = Between(random, 20, 120);
        for (int pixel = 0; pixel < image.Length; pixel++)
        {
            double distance = segments.Min(segment => segment.DistanceTo(pixel % Side, pixel / Side));
            double ink = Math.Clamp(thickness + 0.5 - distance, 0, 1);
            image[pixel] = (byte)Math.Clamp(255 * ink + noise * (random.NextDouble() + random.NextDouble() - 1), 0, 255);
        }
    }

    private static List<Segment> Segments(int digit, Random random)
    {
        var (sin, cos) = Math.SinCos(Between(random, -0.5, 0.5));
        double shear = Between(random, -0.4, 0.4), width = Between(random, 6, 15), height = Between(random, 13, 20);
        double left = Side / 2.0 + Between(random, -2.5, 2.5), top = Side / 2.0 + Between(random, -2.5, 2.5);
        var points = Strokes[digit].Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).Chunk(2).Select(Place).ToList();
        return [.. points.Zip(points.Skip(1), (a, b) => new Segment(a.X, a.Y, b.X, b.Y))];

        (double X, double Y) Place(double[] point)
        {
            double y = (point[1] - 0.5 + Between(random, -0.08, 0.08)) * height;
            double x = (point[0] - 0.5 + Between(random, -0.08, 0.08)) * width - shear * y;
            return (left + cos * x - sin * y, top + sin * x + cos * y);
        }
    }

    private static double Between(Random random, double low, double high) => low + (high - low) * random.NextDouble();

    private readonly record struct Segment(double X1, double Y1, double X2, double Y2)
    {
        public double DistanceTo(double x, double y)
        {
            double dx = X2 - X1, dy = Y2 - Y1;
            double along = Math.Clamp(((x - X1) * dx + (y - Y1) * dy) / (dx * dx + dy * dy), 0, 1);
            return Math.Sqrt(Math.Pow(x - X1 - along * dx, 2) + Math.Pow(y - Y1 - along * dy, 2));
        }
    }
}
