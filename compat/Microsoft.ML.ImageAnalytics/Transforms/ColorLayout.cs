using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which colours a vector of pixels holds, in which order, and the offset and scale of its numbers.</summary>
internal sealed class ColorLayout
{
    internal ColorLayout(ColorBits colors, ColorsOrder order, bool interleaved, float offsetImage, float scaleImage, string colorsName)
    {
        Check.Parameter((colors & ColorBits.All) != 0, colorsName, "Name one colour or more.");
        Check.Parameter(Enum.IsDefined(order), nameof(order), $"{order} is no order of colours.");
        Check.Parameter(float.IsFinite(offsetImage), nameof(offsetImage), "The offset must be a finite number.");
        Check.Parameter(float.IsFinite(scaleImage) && scaleImage != 0, nameof(scaleImage), "The scale must be a finite number other than 0.");
        (Colors, Order, Interleaved, Offset, Scale) = (colors, order, interleaved, offsetImage, scaleImage);
        Sequence = [.. $"{order}".Select(Bit).Where(bit => colors.HasFlag(bit))];
    }

    internal ColorBits Colors { get; }

    internal ColorsOrder Order { get; }

    internal bool Interleaved { get; }

    internal float Offset { get; }

    internal float Scale { get; }

    /// <summary>The colours as they follow one another.</summary>
    internal ColorBits[] Sequence { get; }

    internal bool IsScaled => Offset != 0 || Scale != 1;

    internal int[] Dimensions(int height, int width) => Interleaved ? [height, width, Sequence.Length] : [Sequence.Length, height, width];

    /// <summary>Where the first number of a colour stands, and how far apart its numbers are.</summary>
    internal (int Start, int Step) Positions(int colour, int pixels) => Interleaved ? (colour, Sequence.Length) : (colour * pixels, 1);

    /// <summary>Which of a pixel's four bytes a colour is.</summary>
    internal static int Byte(ColorBits colour, int red) => colour switch
    {
        ColorBits.Red => red,
        ColorBits.Green => 1,
        ColorBits.Blue => 2 - red,
        _ => 3,
    };

    internal static ColorLayout Read(BinaryReader reader)
    {
        var (colors, order, interleaved) = ((ColorBits)reader.ReadByte(), (ColorsOrder)reader.ReadByte(), reader.ReadBoolean());
        var (offset, scale) = (reader.ReadSingle(), reader.ReadSingle());
        Check.Decode((colors & ColorBits.All) != 0 && Enum.IsDefined(order) && float.IsFinite(offset) && float.IsFinite(scale) && scale != 0,
            "A damaged model: the colours of a pixel vector are none.");
        return new(colors, order, interleaved, offset, scale, nameof(colors));
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write((byte)Colors);
        writer.Write((byte)Order);
        writer.Write(Interleaved);
        writer.Write(Offset);
        writer.Write(Scale);
    }

    private static ColorBits Bit(char letter) => letter switch
    {
        'A' => ColorBits.Alpha,
        'R' => ColorBits.Red,
        'G' => ColorBits.Green,
        _ => ColorBits.Blue,
    };
}
