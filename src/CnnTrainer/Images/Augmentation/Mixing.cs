using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>Mixes the images of a batch.</summary>
internal interface IMix
{
    double Probability { get; }

    MixedShare Draw(ref RandomStream random, Raster raster);
}

/// <summary>How two images become one.</summary>
/// <param name="Share">What is left of the first: of its values, or of its area where part of it is cut out.</param>
/// <param name="Cut">The part that is the other's; null where all values are mixed.</param>
internal readonly record struct MixedShare(float Share, Box? Cut = null)
{
    public void Apply(Span<float> image, Span<float> other, Raster raster)
    {
        if (Cut is { } cut) cut.Copy(other, image, raster);
        else
        {
            for (int i = 0; i < image.Length; i++) image[i] = Share * image[i] + (1 - Share) * other[i];
        }
    }
}

/// <summary>What <see cref="Augment.Mixup"/> makes.</summary>
public sealed record MixupAugment : Augment, IMix
{
    /// <summary>Both parameters of the beta distribution that the share is drawn from.</summary>
    public required double Alpha { get; init; }

    /// <summary>Share of the batches.</summary>
    public double Probability { get; init; } = 1;

    MixedShare IMix.Draw(ref RandomStream random, Raster raster) => new((float)random.Beta(Alpha));

    private protected override string Describe() => $"mixup {Text(Alpha)}{(Probability == 1 ? "" : $" in {Text(Probability)} of the batches")}";

    internal override IEnumerable<string> Errors() => [.. OutOfRange("alpha", Alpha, 0.01, 100), .. OutOfRange("probability", Probability, 0, 1)];
}

/// <summary>What <see cref="Augment.CutMix"/> makes.</summary>
public sealed record CutMixAugment : Augment, IMix
{
    /// <summary>Both parameters of the beta distribution that the share is drawn from.</summary>
    public required double Alpha { get; init; }

    /// <summary>Share of the batches.</summary>
    public double Probability { get; init; } = 1;

    MixedShare IMix.Draw(ref RandomStream random, Raster raster)
    {
        double side = Math.Sqrt(1 - random.Beta(Alpha));
        var cut = Box.Around(random.Below(raster.Height), random.Below(raster.Width), (int)(raster.Height * side), (int)(raster.Width * side), raster);
        return new MixedShare(1 - (float)cut.Height * cut.Width / raster.Pixels, cut);
    }

    private protected override string Describe() => $"cutmix {Text(Alpha)}{(Probability == 1 ? "" : $" in {Text(Probability)} of the batches")}";

    internal override IEnumerable<string> Errors() => [.. OutOfRange("alpha", Alpha, 0.01, 100), .. OutOfRange("probability", Probability, 0, 1)];
}
