namespace CnnMlNet.Tests.Idx;

/// <summary>Digits 0 to 3 as 12 x 12 images: seven-segment strokes, shifted by up to 2 pixels, with noise. The same in every run.</summary>
internal static class Digits
{
    public static string[] Names { get; } = ["zero", "one", "two", "three"];

    // Top, middle and bottom bar; left top, left bottom, right top and right bottom stroke.
    private static readonly string[] Segments = ["t b lt lb rt rb", "rt rb", "t m b rt lb", "t m b rt rb"];

    /// <summary>A pair of gzip files, whose labels follow one another.</summary>
    public static (string Images, string Labels) Write(TempFolder folder, string name, int rows, int seed)
    {
        var random = new Random(seed);
        byte[] labels = [.. Enumerable.Range(0, rows).Select(row => (byte)(row % 4))];
        byte[] pixels = [.. labels.SelectMany(label => Draw(label, random))];
        return (
            IdxFiles.Write(folder.File(name + "-images.gz"), IdxFiles.Bytes(pixels, rows, 12, 12)),
            IdxFiles.Write(folder.File(name + "-labels.gz"), IdxFiles.Bytes(labels, rows)));
    }

    private static byte[] Draw(int digit, Random random)
    {
        var image = new byte[12 * 12];
        random.NextBytes(image);
        for (int i = 0; i < image.Length; i++) image[i] /= 4;
        var (top, left) = (random.Next(3), random.Next(4));
        foreach (var segment in Segments[digit].Split(' '))
        {
            var (y, x, height, width) = segment switch
            {
                "t" => (0, 0, 1, 6), "m" => (4, 0, 1, 6), "b" => (9, 0, 1, 6),
                "lt" => (0, 0, 5, 1), "lb" => (4, 0, 6, 1), "rt" => (0, 5, 5, 1), _ => (4, 5, 6, 1),
            };
            for (int i = 0; i < height * width; i++)
                image[(top + y + i / width) * 12 + left + x + i % width] = (byte)random.Next(160, 256);
        }

        return image;
    }
}
