using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>Moves images by whole pixels.</summary>
internal interface IMove
{
    void Draw(ref RandomStream random, Geometry geometry);
}

/// <summary>What <see cref="Augment.FlipHorizontal"/> makes.</summary>
public sealed record FlipHorizontalAugment : Augment, IMove
{
    /// <summary>Share of the images.</summary>
    public required double Probability { get; init; }

    void IMove.Draw(ref RandomStream random, Geometry geometry)
    {
        if (random.Chance(Probability)) geometry.Columns.Flip();
    }

    private protected override string Describe() => $"flip horizontally {Text(Probability)}";

    internal override IEnumerable<string> Errors() => OutOfRange("probability", Probability, 0, 1);
}

/// <summary>What <see cref="Augment.FlipVertical"/> makes.</summary>
public sealed record FlipVerticalAugment : Augment, IMove
{
    /// <summary>Share of the images.</summary>
    public required double Probability { get; init; }

    void IMove.Draw(ref RandomStream random, Geometry geometry)
    {
        if (random.Chance(Probability)) geometry.Rows.Flip();
    }

    private protected override string Describe() => $"flip vertically {Text(Probability)}";

    internal override IEnumerable<string> Errors() => OutOfRange("probability", Probability, 0, 1);
}

/// <summary>What <see cref="Augment.Shift(int, int, PaddingMode)"/> and <see cref="Augment.Crop"/> make.</summary>
public sealed record ShiftAugment : Augment, IMove
{
    /// <summary>How far at most up or down.</summary>
    public required int Rows { get; init; }

    /// <summary>How far at most to either side.</summary>
    public required int Columns { get; init; }

    /// <summary>What comes in on the other side.</summary>
    public PaddingMode PaddingMode { get; init; }

    void IMove.Draw(ref RandomStream random, Geometry geometry)
    {
        geometry.Rows.Shift(random.Within(Rows), PaddingMode);
        geometry.Columns.Shift(random.Within(Columns), PaddingMode);
    }

    private protected override string Describe() => (Rows == Columns ? $"shift {Rows}" : $"shift {Rows} x {Columns}") + Text(PaddingMode);

    internal override IEnumerable<string> Errors()
    {
        if (Rows < 0 || Columns < 0 || (Rows == 0 && Columns == 0))
            yield return $"Augmentation: Shift by {Rows} rows and {Columns} columns; both must be at least 0, and one of them at least 1.";
        foreach (var error in NoSuch(PaddingMode)) yield return error;
    }

    internal override string? Misfit(Raster images) => Rows < images.Height && Columns < images.Width ? null : $"'{this}' moves them out of sight";
}
