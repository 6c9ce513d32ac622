using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>Erases part of an image.</summary>
internal interface IErase
{
    /// <summary>The part; null for none.</summary>
    Box? Draw(ref RandomStream random, Raster raster);
}

/// <summary>What <see cref="Augment.Erase"/> makes.</summary>
public sealed record EraseAugment : Augment, IErase
{
    /// <summary>Share of the images.</summary>
    public required double Probability { get; init; }

    /// <summary>Least share of the area.</summary>
    public required double MinArea { get; init; }

    /// <summary>Largest share of the area.</summary>
    public required double MaxArea { get; init; }

    /// <summary>Least height by width.</summary>
    public required double MinRatio { get; init; }

    /// <summary>Largest height by width.</summary>
    public required double MaxRatio { get; init; }

    Box? IErase.Draw(ref RandomStream random, Raster raster) =>
        random.Chance(Probability) ? DrawnBox.Within(ref random, raster, (MinArea, MaxArea), (MinRatio, MaxRatio)) : null;

    private protected override string Describe() => $"erase {Text(Probability)}, {Text(MinArea)} to {Text(MaxArea)}";

    internal override IEnumerable<string> Errors() =>
    [
        .. OutOfRange("probability", Probability, 0, 1),
        .. OutOfRange("least area", MinArea, 0, 1, without: true), .. OutOfRange("largest area", MaxArea, 0, 1, without: true), .. OutOfOrder("area", MinArea, MaxArea),
        .. OutOfRange("least ratio", MinRatio, 0.01, 100), .. OutOfRange("largest ratio", MaxRatio, 0.01, 100), .. OutOfOrder("ratio", MinRatio, MaxRatio),
    ];
}

/// <summary>What <see cref="Augment.Cutout"/> makes.</summary>
public sealed record CutoutAugment : Augment, IErase
{
    /// <summary>Height and width in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Share of the images.</summary>
    public double Probability { get; init; } = 1;

    Box? IErase.Draw(ref RandomStream random, Raster raster) => random.Chance(Probability)
        ? Box.Around(random.Below(raster.Height), random.Below(raster.Width), Size, Size, raster)
        : null;

    private protected override string Describe() => $"cutout {Size}{(Probability == 1 ? "" : " " + Text(Probability))}";

    internal override IEnumerable<string> Errors() => [.. OutOfRange("size", Size, 1, int.MaxValue / 2), .. OutOfRange("probability", Probability, 0, 1)];

    internal override string? Misfit(Raster images) =>
        Size <= 2 * images.Height || Size <= 2 * images.Width ? null : $"'{this}' leaves nothing of them";
}
