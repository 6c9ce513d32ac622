namespace CnnMlNet;

/// <summary>Colours from dark to light, of even steps to the eye (close to matplotlib's inferno), and from white to a colour.</summary>
internal static class HeatColour
{
    private static readonly byte[][] Anchors = [[0, 0, 4], [40, 11, 84], [101, 21, 110], [159, 42, 99], [212, 72, 66], [245, 125, 21], [250, 193, 39], [252, 255, 164]];

    /// <summary>Red, green and blue of a share, 0 to 1.</summary>
    public static (double Red, double Green, double Blue) Of(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Anchors.Length - 1);
        int below = Math.Min((int)place, Anchors.Length - 2);
        return (Part(0), Part(1), Part(2));

        double Part(int i) => Anchors[below][i] + (place - below) * (Anchors[below + 1][i] - Anchors[below][i]);
    }

    /// <summary>White at 0, the colour at 1.</summary>
    public static string Tint(string colour, double share)
    {
        byte[] full = Convert.FromHexString(colour.AsSpan(1));
        return "#" + Convert.ToHexStringLower([.. full.Select(part => (byte)Math.Round(255 - share * (255 - part)))]);
    }
}
