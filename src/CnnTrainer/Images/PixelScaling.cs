namespace CnnMlNet;

/// <summary>
/// What happens to pixels on their way into the network, batch by batch; part of the model, so scoring does the same. Immutable; thread
/// safe. Made by the methods of this class.
/// </summary>
public abstract record PixelScaling
{
    private protected PixelScaling() { }

    /// <summary>Nothing: the numbers are used as they are. The default for a column of Single.</summary>
    public static PixelScaling None() => new NoScaling();

    /// <summary>x / 255, so that bytes become 0 to 1. The default for a column of Byte.</summary>
    public static PixelScaling ZeroToOne() => new FixedScaling { Means = [0], Deviations = [255] };

    /// <summary>(x - mean) / deviation with given numbers, one pair for each channel or one for all; both in the units of the column.</summary>
    /// <param name="means">What is subtracted.</param>
    /// <param name="deviations">What is divided by; greater than 0.</param>
    public static PixelScaling Fixed(IReadOnlyList<double> means, IReadOnlyList<double> deviations) => new FixedScaling { Means = means, Deviations = deviations };

    /// <summary>
    /// What networks trained on ImageNet expect, torchvision's among them, of values of 0 to 255, a column of Byte or of Single: x / 255, then minus the
    /// means 0.485, 0.456 and 0.406 of red, green and blue, divided by their deviations 0.229, 0.224 and 0.225. For three channels.
    /// </summary>
    public static PixelScaling ImageNet() => Fixed([0.485 * 255, 0.456 * 255, 0.406 * 255], [0.229 * 255, 0.224 * 255, 0.225 * 255]);

    /// <summary>
    /// (x - mean) / deviation with the mean and the population deviation of each channel over all pixels of the training rows; a constant
    /// channel keeps the deviation 1.
    /// </summary>
    public static PixelScaling Standard() => new FittedScaling();

    /// <summary>What is out of range, one sentence each.</summary>
    internal virtual IEnumerable<string> Errors() => [];
}

/// <summary>What <see cref="PixelScaling.None"/> makes.</summary>
public sealed record NoScaling : PixelScaling;

/// <summary>What <see cref="PixelScaling.Standard"/> makes.</summary>
public sealed record FittedScaling : PixelScaling;

/// <summary>What <see cref="PixelScaling.Fixed"/> makes.</summary>
public sealed record FixedScaling : PixelScaling
{
    /// <summary>What is subtracted: one for each channel, or one for all.</summary>
    public required IReadOnlyList<double> Means { get; init => field = value is null ? null! : [.. value]; }

    /// <summary>What is divided by; as many as <see cref="Means"/>.</summary>
    public required IReadOnlyList<double> Deviations { get; init => field = value is null ? null! : [.. value]; }

    /// <summary>Equal numbers.</summary>
    public bool Equals(FixedScaling? other) => other is not null && Means.SequenceEqual(other.Means) && Deviations.SequenceEqual(other.Deviations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Means[0], Deviations[0]);

    internal override IEnumerable<string> Errors()
    {
        if (Means is null || Deviations is null || Means.Count == 0 || Means.Count != Deviations.Count)
        {
            yield return $"PixelScaling has {Means?.Count ?? 0} means and {Deviations?.Count ?? 0} deviations; it needs one pair for each channel, or one.";
            yield break;
        }

        if (Means.Any(mean => !(Math.Abs(mean) <= float.MaxValue))) yield return "PixelScaling has a mean that is not a finite number.";
        if (Deviations.Any(deviation => !(deviation >= 1e-30 && deviation <= float.MaxValue))) yield return "PixelScaling has a deviation that is not greater than 0.";
    }
}
