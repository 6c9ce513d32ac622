namespace CnnMlNet;

/// <summary>The colours of classes: black, those of the lines, then others as far apart as they come.</summary>
internal static class ClassColour
{
    private const double GoldenAngle = 137.50776405;   // degrees; steps of it never come round

    /// <summary>Red, green and blue of a class number; white below 0.</summary>
    public static byte[] Of(int number) => number switch
    {
        < 0 => [255, 255, 255],
        0 => [0, 0, 0],
        <= 6 => Convert.FromHexString(SvgCanvas.Colours[number - 1].AsSpan(1)),
        7 => Convert.FromHexString(SvgCanvas.Colours[7].AsSpan(1)),   // without the black of lines
        _ => Hue(number * GoldenAngle, number % 2 == 0 ? 0.75 : 0.45),
    };

    /// <summary>A colour of the circle, 120 degrees from red to green and from green to blue.</summary>
    private static byte[] Hue(double degrees, double brightness) => [Part(0, degrees, brightness), Part(8, degrees, brightness), Part(4, degrees, brightness)];

    private static byte Part(int offset, double degrees, double brightness)
    {
        double position = (offset + degrees / 30) % 12;
        return (byte)Math.Round(255 * (brightness - 0.75 * Math.Min(brightness, 1 - brightness) * Math.Clamp(Math.Min(position - 3, 9 - position), -1, 1)));
    }
}
