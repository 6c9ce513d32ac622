using System.Globalization;
using System.Text.Json.Serialization;
using CnnMlNet.Images;

namespace CnnMlNet;

/// <summary>
/// One step of an <see cref="Augmentation"/>. Each draws for each image anew, evenly from the range it is given, unless it says otherwise.
/// Immutable; thread safe. Made by the methods of this class.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(FlipHorizontalAugment), "flipHorizontal")]
[JsonDerivedType(typeof(FlipVerticalAugment), "flipVertical")]
[JsonDerivedType(typeof(ShiftAugment), "shift")]
[JsonDerivedType(typeof(RotateAugment), "rotate")]
[JsonDerivedType(typeof(ScaleAugment), "scale")]
[JsonDerivedType(typeof(ShearAugment), "shear")]
[JsonDerivedType(typeof(ResizedCropAugment), "resizedCrop")]
[JsonDerivedType(typeof(BrightnessAugment), "brightness")]
[JsonDerivedType(typeof(ContrastAugment), "contrast")]
[JsonDerivedType(typeof(SaturationAugment), "saturation")]
[JsonDerivedType(typeof(EraseAugment), "erase")]
[JsonDerivedType(typeof(CutoutAugment), "cutout")]
[JsonDerivedType(typeof(MixupAugment), "mixup")]
[JsonDerivedType(typeof(CutMixAugment), "cutMix")]
public abstract record Augment
{
    private protected Augment() { }

    /// <summary>Left and right exchanged, exactly.</summary>
    /// <param name="probability">Share of the images; 0 to 1. Default 0.5.</param>
    public static Augment FlipHorizontal(double probability = 0.5) => new FlipHorizontalAugment { Probability = probability };

    /// <summary>Top and bottom exchanged, exactly.</summary>
    /// <param name="probability">Share of the images; 0 to 1. Default 0.5.</param>
    public static Augment FlipVertical(double probability = 0.5) => new FlipVerticalAugment { Probability = probability };

    /// <summary>The image moved by whole pixels, up to so many up or down and to either side.</summary>
    /// <param name="pixels">How far at most; at least 1 and less than the image's height and width.</param>
    /// <param name="padding">What comes in on the other side.</param>
    public static Augment Shift(int pixels, PaddingMode padding = PaddingMode.Zeros) => Shift(pixels, pixels, padding);

    /// <summary>The image moved by whole pixels.</summary>
    /// <param name="rows">How far at most up or down; at least 0 and less than the image's height.</param>
    /// <param name="columns">How far at most to either side; at least 0 and less than the image's width.</param>
    /// <param name="padding">What comes in on the other side.</param>
    public static Augment Shift(int rows, int columns, PaddingMode padding = PaddingMode.Zeros) => new ShiftAugment { Rows = rows, Columns = columns, PaddingMode = padding };

    /// <summary>
    /// The image padded on all sides, and a part of the old size cut out anywhere: the same as <see cref="Shift(int, PaddingMode)"/>, by the name
    /// that the pad-and-crop of residual networks has (He et al. 2016).
    /// </summary>
    /// <param name="padding">Rows and columns added on each side; at least 1 and less than the image's height and width.</param>
    /// <param name="mode">What they hold.</param>
    public static Augment Crop(int padding, PaddingMode mode = PaddingMode.Zeros) => Shift(padding, mode);

    /// <summary>A part of the image enlarged to the whole, bilinear (Szegedy et al. 2015).</summary>
    /// <param name="minArea">Least share of the area; greater than 0. Default 0.08.</param>
    /// <param name="maxArea">Largest share of the area; at most 1. Default 1.</param>
    /// <param name="minRatio">Least width by height, drawn evenly in its logarithm; at least 0.01. Default 3/4.</param>
    /// <param name="maxRatio">Largest width by height; at most 100. Default 4/3.</param>
    public static Augment ResizedCrop(double minArea = 0.08, double maxArea = 1, double minRatio = 0.75, double maxRatio = 4.0 / 3) =>
        new ResizedCropAugment { MinArea = minArea, MaxArea = maxArea, MinRatio = minRatio, MaxRatio = maxRatio };

    /// <summary>The image turned about its middle, either way.</summary>
    /// <param name="degrees">How far at most; greater than 0, at most 180.</param>
    /// <param name="padding">What is beyond its border; the same for Rotate, Scale and Shear.</param>
    public static Augment Rotate(double degrees, PaddingMode padding = PaddingMode.Zeros) => new RotateAugment { Degrees = degrees, PaddingMode = padding };

    /// <summary>The image made larger or smaller about its middle.</summary>
    /// <param name="min">Least factor; at least 0.01. Below 1 the image shrinks.</param>
    /// <param name="max">Largest factor; at most 100.</param>
    /// <param name="padding">What is beyond its border; the same for Rotate, Scale and Shear.</param>
    public static Augment Scale(double min, double max, PaddingMode padding = PaddingMode.Zeros) => new ScaleAugment { Min = min, Max = max, PaddingMode = padding };

    /// <summary>The image slanted: its rows moved to the side, the more the farther from the middle row.</summary>
    /// <param name="degrees">Angle of the columns at most, either way; greater than 0, at most 80.</param>
    /// <param name="padding">What is beyond its border; the same for Rotate, Scale and Shear.</param>
    public static Augment Shear(double degrees, PaddingMode padding = PaddingMode.Zeros) => new ShearAugment { Degrees = degrees, PaddingMode = padding };

    /// <summary>All values times a factor of 1 - strength to 1 + strength, at least 0.</summary>
    /// <param name="strength">Greater than 0, at most 10.</param>
    public static Augment Brightness(double strength) => new BrightnessAugment { Strength = strength };

    /// <summary>
    /// All values brought nearer to or farther from the mean grey of the image, by a factor of 1 - strength to 1 + strength, at least 0. Grey is
    /// 0.2989 red + 0.587 green + 0.114 blue where there are three channels, else their mean.
    /// </summary>
    /// <param name="strength">Greater than 0, at most 10.</param>
    public static Augment Contrast(double strength) => new ContrastAugment { Strength = strength };

    /// <summary>The values of a pixel brought nearer to or farther from its grey, by a factor of 1 - strength to 1 + strength, at least 0.
    /// For images of three channels, red, green and blue.</summary>
    /// <param name="strength">Greater than 0, at most 10.</param>
    public static Augment Saturation(double strength) => new SaturationAugment { Strength = strength };

    /// <summary>
    /// Random erasing (Zhong et al. 2020): a rectangle within the image becomes <see cref="Augmentation.Fill"/>. A drawn one that does not fit is
    /// drawn again, ten times at most; then the image stays whole.
    /// </summary>
    /// <param name="probability">Share of the images; 0 to 1. Default 0.5.</param>
    /// <param name="minArea">Least share of the area; greater than 0. Default 0.02.</param>
    /// <param name="maxArea">Largest share of the area; at most 1. Default 0.33.</param>
    /// <param name="minRatio">Least height by width, drawn evenly in its logarithm; at least 0.01. Default 0.3.</param>
    /// <param name="maxRatio">Largest height by width; at most 100. Default 3.3.</param>
    public static Augment Erase(double probability = 0.5, double minArea = 0.02, double maxArea = 0.33, double minRatio = 0.3, double maxRatio = 3.3) =>
        new EraseAugment { Probability = probability, MinArea = minArea, MaxArea = maxArea, MinRatio = minRatio, MaxRatio = maxRatio };

    /// <summary>
    /// Cutout (DeVries and Taylor 2017): a square about any pixel becomes <see cref="Augmentation.Fill"/>; near a border only part of it is in
    /// the image.
    /// </summary>
    /// <param name="size">Height and width in pixels; at least 1, at most twice the longer side of the image.</param>
    /// <param name="probability">Share of the images; 0 to 1. Default 1.</param>
    public static Augment Cutout(int size, double probability = 1) => new CutoutAugment { Size = size, Probability = probability };

    /// <summary>
    /// Mixup (Zhang et al. 2018): each image of a batch becomes share * itself + (1 - share) * another one of the batch, and so does its loss.
    /// The share is drawn from Beta(alpha, alpha), one for a batch. Reported metrics count against an image's own target, so training accuracy is
    /// lower than what was learned; look at the validation. A batch of one image is not mixed.
    /// </summary>
    /// <param name="alpha">At least 0.01, at most 100: small ones leave most images nearly alone, 1 makes all shares alike. Default 0.2.</param>
    /// <param name="probability">Share of the batches; 0 to 1. Default 1. Of several mixings one is drawn for a batch first.</param>
    public static Augment Mixup(double alpha = 0.2, double probability = 1) => new MixupAugment { Alpha = alpha, Probability = probability };

    /// <summary>
    /// CutMix (Yun et al. 2019): a box of each image of a batch is taken from another one of the batch, and of the loss the same share of the
    /// area. Box and share are one for a batch: 1 - Beta(alpha, alpha) of the area about any pixel, less what is beyond the border. Metrics as with
    /// <see cref="Mixup"/>.
    /// </summary>
    /// <param name="alpha">At least 0.01, at most 100. Default 1.</param>
    /// <param name="probability">Share of the batches; 0 to 1. Default 1. Of several mixings one is drawn for a batch first.</param>
    public static Augment CutMix(double alpha = 1, double probability = 1) => new CutMixAugment { Alpha = alpha, Probability = probability };

    /// <summary>What it does, <c>rotate 10</c>.</summary>
    public sealed override string ToString() => Describe();

    private protected abstract string Describe();

    /// <summary>What is out of range, one sentence each.</summary>
    internal abstract IEnumerable<string> Errors();

    /// <summary>Why it cannot be done with such images; null where it can.</summary>
    internal virtual string? Misfit(Raster images) => null;

    private protected IEnumerable<string> OutOfRange(string what, double value, double least, double most, bool without = false)
    {
        if (value >= least && value <= most && !(without && value == least)) yield break;
        var range = FormattableString.Invariant($"{(without ? "greater than" : "at least")} {least} and at most {most}");
        yield return FormattableString.Invariant($"Augmentation: the {what} of '{this}' is {value}; it must be {range}.");
    }

    private protected IEnumerable<string> OutOfOrder(string what, double min, double max)
    {
        if (min > max) yield return FormattableString.Invariant($"Augmentation: the least {what} of '{this}' is greater than the largest.");
    }

    private protected IEnumerable<string> NoSuch(PaddingMode padding)
    {
        if (!Enum.IsDefined(padding)) yield return $"Augmentation: '{this}' has a padding that there is not.";
    }

    private protected static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private protected static string Text(PaddingMode padding) => padding == PaddingMode.Zeros ? "" : $" {padding.ToString().ToLowerInvariant()}";
}
