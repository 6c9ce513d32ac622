using System.Globalization;

namespace CnnMlNet;

/// <summary>
/// What Fit does with a row of a column of images whose image cannot be used: the file is missing or cut off, cannot be decoded, has too many pixels
/// (<see cref="CnnTrainerOptions.MostImagePixels"/>), or there is no image. Scoring is not concerned: there the row alone fails, when it is asked for
/// what comes of its image. Immutable; thread safe.
/// </summary>
/// <remarks>
/// ML.NET's LoadImages decodes an image before the trainer sees it. Where the rows have a column of text <c>ImagePath</c>, as LoadImageFolder gives it, with
/// full paths or such from the current folder, Fit looks at the file first: at the size that its header promises, before memory is allocated for it
/// (PNG, JPEG, BMP, GIF, WebP), and at its end, since decoders fill up what is missing (PNG, JPEG, WebP). Without it the size is checked when the image is decoded.
/// </remarks>
public sealed record BadImages
{
    private BadImages() { }

    internal bool AreSkipped { get; private init; }

    internal bool AreReplaced { get; private init; }

    /// <summary>Fit ends with an <see cref="InvalidDataException"/> that says which row and why. The default.</summary>
    public static BadImages Fail() => new();

    /// <summary>The row is left out. <see cref="TrainingHistory.SkippedImages"/> counts and lists these, and a warning is logged.</summary>
    public static BadImages Skip() => new() { AreSkipped = true };

    /// <summary>The row has a black image instead. <see cref="TrainingHistory.SkippedImages"/> counts and lists these, and a warning is logged.</summary>
    public static BadImages Replace() => new() { AreReplaced = true };

    /// <summary><c>fail</c>, <c>skip</c>, <c>replace</c>.</summary>
    public override string ToString() => AreSkipped ? "skip" : AreReplaced ? "replace" : "fail";
}

/// <summary>The images that could not be used, where <see cref="CnnTrainerOptions.BadImages"/> let training go on. Equal where all its parts are.</summary>
public sealed record SkippedImages
{
    internal const int MostListed = 100;

    /// <summary>How many there were.</summary>
    public required int Count { get; init; }

    /// <summary>Whether black images stood for them, their rows not left out.</summary>
    public bool AreReplaced { get; init; }

    /// <summary>The first of them, at most 100.</summary>
    public required IReadOnlyList<SkippedImage> Images { get; init; }

    /// <inheritdoc/>
    public bool Equals(SkippedImages? other) => other is not null && (Count, AreReplaced) == (other.Count, other.AreReplaced) && Images.SequenceEqual(other.Images);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, AreReplaced);

    /// <summary>How many, and the first: <c>2 images could not be used and were left out: Training row 7 ...</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} {(Count == 1 ? "image" : "images")} could not be used and {(Count == 1 ? "was" : "were")} {(AreReplaced ? "replaced by black" : "left out")}: {string.Join("; ", Images.Take(3))}") +
        (Count > 3 ? " ..." : "");

    /// <summary>Those of two views together; null for none.</summary>
    internal static SkippedImages? Of(SkippedImages? first, SkippedImages? second) => first is null || second is null ? first ?? second
        : first with { Count = first.Count + second.Count, Images = [.. first.Images.Concat(second.Images).Take(MostListed)] };
}

/// <summary>An image that could not be used.</summary>
/// <param name="Rows">What the row was for: <c>Training</c> or <c>Validation</c>.</param>
/// <param name="Row">The row in its view, counting from 0.</param>
/// <param name="Path">What the row's column of text <c>ImagePath</c> says, where there is one.</param>
/// <param name="Reason">Why, as the decoder or the file system said it.</param>
public sealed record SkippedImage(string Rows, long Row, string? Path, string Reason)
{
    /// <summary><c>Training row 7 (faces/7.png): the reason</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows} row {Row}{(Path is null ? "" : $" ({Path})")}: {Reason}");
}
