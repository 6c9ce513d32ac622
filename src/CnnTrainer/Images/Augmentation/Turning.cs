using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>Maps images linearly about their middle.</summary>
internal interface ITurn
{
    PaddingMode PaddingMode { get; }

    /// <summary>From where a pixel goes to where it comes from.</summary>
    LinearMap Draw(ref RandomStream random);
}

/// <summary>What <see cref="Augment.Rotate"/> makes.</summary>
public sealed record RotateAugment : Augment, ITurn
{
    /// <summary>How far at most, either way.</summary>
    public required double Degrees { get; init; }

    /// <summary>What is beyond the border.</summary>
    public PaddingMode PaddingMode { get; init; }

    LinearMap ITurn.Draw(ref RandomStream random) => Inverse(random.Between(-Degrees, Degrees));

    private protected override string Describe() => $"rotate {Text(Degrees)}{Text(PaddingMode)}";

    internal override IEnumerable<string> Errors() => [.. OutOfRange("angle", Degrees, 0, 180, without: true), .. NoSuch(PaddingMode)];

    internal static LinearMap Inverse(double degrees)
    {
        var (sine, cosine) = Math.SinCos(double.DegreesToRadians(degrees));
        return new LinearMap(cosine, sine, -sine, cosine);
    }
}

/// <summary>What <see cref="Augment.Scale"/> makes.</summary>
public sealed record ScaleAugment : Augment, ITurn
{
    /// <summary>Least factor.</summary>
    public required double Min { get; init; }

    /// <summary>Largest factor.</summary>
    public required double Max { get; init; }

    /// <summary>What is beyond the border.</summary>
    public PaddingMode PaddingMode { get; init; }

    LinearMap ITurn.Draw(ref RandomStream random) => Inverse(random.Between(Min, Max));

    private protected override string Describe() => $"scale {Text(Min)} to {Text(Max)}{Text(PaddingMode)}";

    internal override IEnumerable<string> Errors() =>
        [.. OutOfRange("least factor", Min, 0.01, 100), .. OutOfRange("largest factor", Max, 0.01, 100), .. OutOfOrder("factor", Min, Max), .. NoSuch(PaddingMode)];

    internal static LinearMap Inverse(double factor) => new(1 / factor, 0, 0, 1 / factor);
}

/// <summary>What <see cref="Augment.Shear"/> makes.</summary>
public sealed record ShearAugment : Augment, ITurn
{
    /// <summary>Angle of the columns at most, either way.</summary>
    public required double Degrees { get; init; }

    /// <summary>What is beyond the border.</summary>
    public PaddingMode PaddingMode { get; init; }

    LinearMap ITurn.Draw(ref RandomStream random) => Inverse(random.Between(-Degrees, Degrees));

    private protected override string Describe() => $"shear {Text(Degrees)}{Text(PaddingMode)}";

    internal override IEnumerable<string> Errors() => [.. OutOfRange("angle", Degrees, 0, 80, without: true), .. NoSuch(PaddingMode)];

    internal static LinearMap Inverse(double degrees) => new(1, -Math.Tan(double.DegreesToRadians(degrees)), 0, 1);
}

/// <summary>What <see cref="Augment.ResizedCrop"/> makes.</summary>
public sealed record ResizedCropAugment : Augment
{
    /// <summary>Least share of the area.</summary>
    public required double MinArea { get; init; }

    /// <summary>Largest share of the area.</summary>
    public required double MaxArea { get; init; }

    /// <summary>Least width by height.</summary>
    public required double MinRatio { get; init; }

    /// <summary>Largest width by height.</summary>
    public required double MaxRatio { get; init; }

    /// <summary>The part to enlarge; where ten draws do not fit, the largest in the middle whose ratio is in the range.</summary>
    internal Box Draw(ref RandomStream random, Raster images)
    {
        if (DrawnBox.Within(ref random, images, (MinArea, MaxArea), (1 / MaxRatio, 1 / MinRatio)) is { } part) return part;
        double ratio = Math.Clamp((double)images.Width / images.Height, MinRatio, MaxRatio);
        int width = Math.Clamp((int)Math.Round(images.Height * ratio), 1, images.Width), height = Math.Clamp((int)Math.Round(images.Width / ratio), 1, images.Height);
        return new Box((images.Height - height) / 2, (images.Width - width) / 2, height, width);
    }

    private protected override string Describe() => $"resized crop of {Text(MinArea)} to {Text(MaxArea)}";

    internal override IEnumerable<string> Errors() =>
    [
        .. OutOfRange("least area", MinArea, 0, 1, without: true), .. OutOfRange("largest area", MaxArea, 0, 1, without: true), .. OutOfOrder("area", MinArea, MaxArea),
        .. OutOfRange("least ratio", MinRatio, 0.01, 100), .. OutOfRange("largest ratio", MaxRatio, 0.01, 100), .. OutOfOrder("ratio", MinRatio, MaxRatio),
    ];
}

/// <summary>Draws rectangles by their area and ratio.</summary>
internal static class DrawnBox
{
    private const int Draws = 10;

    /// <summary>A rectangle within an image; null where ten drawn ones are too large for it.</summary>
    /// <param name="random">What draws.</param>
    /// <param name="images">The image.</param>
    /// <param name="area">Range of the share of the area.</param>
    /// <param name="ratio">Range of height by width.</param>
    public static Box? Within(ref RandomStream random, Raster images, (double Min, double Max) area, (double Min, double Max) ratio)
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            double pixels = images.Pixels * random.Between(area.Min, area.Max), shape = Math.Exp(random.Between(Math.Log(ratio.Min), Math.Log(ratio.Max)));
            int height = (int)Math.Round(Math.Sqrt(pixels * shape)), width = (int)Math.Round(Math.Sqrt(pixels / shape));
            if (height < 1 || width < 1 || height > images.Height || width > images.Width) continue;
            return new Box(random.Below(images.Height - height + 1), random.Below(images.Width - width + 1), height, width);
        }

        return null;
    }
}
