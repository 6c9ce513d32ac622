using System.Globalization;
using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>
/// What is done at random to the images that a network learns from: each image of each epoch anew, on the way into its batch. Validation and
/// scoring see images as they are. Equal where all its parts are. Immutable; thread safe.
/// </summary>
/// <remarks>
/// <para>The stages have a fixed order, whatever the order of the list: flips, shifts and crops; rotation, scale and shear; the resized crop;
/// brightness, contrast and saturation; erasing; mixup and cutmix. Within a stage the order of the list counts. All that moves pixels is one map,
/// read once: exact where it is by whole pixels, else bilinear.</para>
/// <para>Values are those of the column, before <see cref="PixelScaling"/>: 0 to 255 for a column of Byte, where no step leaves that range, and
/// whatever there is in a column of Single, where nothing is cut off. After a StandardScale in the pipeline 0 is the mean, not black: see
/// <see cref="Fill"/>.</para>
/// <para>What happens to a row follows from the seed, the epoch and the row, not from threads, batches or order. Mixing follows from the seed, the
/// epoch, the number of the batch and its rows.</para>
/// </remarks>
/// <example><code>
/// Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(2), Augment.Cutout(8), Augment.Mixup(0.2))
/// </code></example>
public sealed record Augmentation
{
    /// <summary>The steps.</summary>
    public required IReadOnlyList<Augment> Steps { get; init => field = value is null ? null! : [.. value]; }

    /// <summary>
    /// The value of places that no part of the image comes to, and of what is erased, in the units of the column: black, before
    /// <see cref="PixelScaling"/>.
    /// </summary>
    /// <value>Default 0; a finite number, and at most 255 and not negative for a column of Byte.</value>
    public double Fill { get; init; }

    /// <summary>These steps.</summary>
    /// <param name="steps">Any number of them, made by the methods of <see cref="Augment"/>.</param>
    public static Augmentation Of(params IEnumerable<Augment> steps) => new() { Steps = [.. steps] };

    /// <summary>Equal steps in the same order and the same fill.</summary>
    public bool Equals(Augmentation? other) => other is not null && Fill == other.Fill && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(Fill.GetHashCode(), HashCode.Combine);

    /// <summary>The steps, <c>flip horizontally 0.5, shift 2</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Steps.Select(step => step.ToString())) + (Fill == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", filled with {Fill}"));

    /// <summary>What is out of range, one sentence each.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Steps is null)
        {
            yield return "Augmentation has no list of steps.";
            yield break;
        }

        if (Steps.Any(step => step is null)) yield return "Augmentation has a step that is null.";
        foreach (var error in Steps.Where(step => step is not null).SelectMany(step => step.Errors())) yield return error;
        if (!(Math.Abs(Fill) <= float.MaxValue)) yield return FormattableString.Invariant($"Augmentation: the fill is {Fill}; it must be a finite number.");
        if (Steps.OfType<ITurn>().Select(turn => turn.PaddingMode).Distinct().Count() > 1)
            yield return "Augmentation: Rotate, Scale and Shear are one map and have one padding, but different ones are given.";
        if (Steps.OfType<ResizedCropAugment>().Count() > 1) yield return "Augmentation has ResizedCrop more than once.";
    }

    /// <exception cref="ArgumentException">A step cannot be done with such images; the message lists all of them.</exception>
    internal void CheckFits(Raster images, bool bytes)
    {
        var errors = Steps.Select(step => step.Misfit(images)).OfType<string>().ToList();
        if (bytes && Fill is < 0 or > 255) errors.Add(FormattableString.Invariant($"the fill {Fill} is no value of a column of Byte, 0 to 255"));
        if (errors.Count > 0)
            throw new ArgumentException($"The augmentation does not fit images of {images.Channels} x {images.Height} x {images.Width}: {string.Join("; ", errors)}.");
    }
}
