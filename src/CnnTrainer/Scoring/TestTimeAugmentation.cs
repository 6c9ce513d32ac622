using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>
/// Scoring looks at several views of each image and takes the mean over them: of the probabilities of classes; of the logit of a binary
/// classifier, whose probability and predicted label follow from that mean; of logits and embeddings that are asked for as columns. The image as it
/// is is always among the views. It takes as many forward passes as there are views. Nothing is random. Immutable; thread safe.
/// With <see cref="Head.PerPixel"/> what is said of a mirror image is turned back first; it takes no <see cref="ShiftPixels"/>.
/// </summary>
/// <remarks>
/// Several kinds together: <c>TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 1 }</c> has ten views, the five of the image and the
/// five of its mirror image. What the views show must mean the same as the image: a digit's mirror image is no digit.
/// </remarks>
public sealed record TestTimeAugmentation
{
    /// <summary>Whether each view is there a second time with left and right exchanged.</summary>
    /// <value>Default false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HorizontalFlip { get; init; }

    /// <summary>
    /// How far the image is moved up, down, left and right, in pixels: four views more, in which the pixels at the edge are repeated where
    /// nothing is known.
    /// </summary>
    /// <value>Default 0, none; less than the height and the width of the images.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ShiftPixels { get; init; }

    /// <summary>The image alone.</summary>
    public static TestTimeAugmentation None() => new();

    /// <summary>The image and its mirror image, left and right exchanged: two views.</summary>
    public static TestTimeAugmentation FlipHorizontal() => new() { HorizontalFlip = true };

    /// <summary>The image, and moved up, down, left and right: five views.</summary>
    /// <param name="pixels">How far; at least 0, less than the height and the width of the images. Default 1.</param>
    public static TestTimeAugmentation Shifts(int pixels = 1) => new() { ShiftPixels = pixels };

    /// <summary>What is out of range, one sentence each.</summary>
    internal IEnumerable<string> Errors()
    {
        if (ShiftPixels < 0) yield return $"TestTimeAugmentation.ShiftPixels is {ShiftPixels}; it must be at least 0.";
    }

    /// <summary>What does not fit the images, or a class for every pixel, one sentence each.</summary>
    internal IEnumerable<string> Misfits(ImageShape shape, bool perPixel)
    {
        if (perPixel && ShiftPixels > 0)
            yield return $"TestTimeAugmentation.ShiftPixels is {ShiftPixels}, but with a class for every pixel nothing is known of those that are moved out of sight: use FlipHorizontal alone.";
        if (ShiftPixels >= Math.Min(shape.Height, shape.Width))
            yield return $"TestTimeAugmentation.ShiftPixels is {ShiftPixels}; the images are {shape}, so it must be less than {Math.Min(shape.Height, shape.Width)}.";
    }

    /// <summary>The views, the image as it is first.</summary>
    internal IReadOnlyList<ImageView> Views()
    {
        int by = ShiftPixels;
        (int Down, int Right)[] moves = by == 0 ? [(0, 0)] : [(0, 0), (-by, 0), (by, 0), (0, -by), (0, by)];
        bool[] flips = HorizontalFlip ? [false, true] : [false];
        return [.. flips.SelectMany(flip => moves.Select(move => new ImageView(flip, move.Down, move.Right)))];
    }
}

/// <summary>An image flipped or not, then moved by whole pixels.</summary>
internal sealed record ImageView(bool IsFlipped, int Down, int Right)
{
    /// <summary>Images [N, C, H, W] so seen, in memory of their own: a user's module may change them in place.</summary>
    public Tensor Of(Tensor images) => Moved(Moved(IsFlipped ? images.flip(3) : images.clone(), 2, Down), 3, Right);

    /// <summary>What a network says of each pixel of such images, [N, C, H, W], turned back. Only for flips.</summary>
    public Tensor Back(Tensor maps) => IsFlipped ? maps.flip(3) : maps;

    private static Tensor Moved(Tensor images, long dim, int by)
    {
        if (by == 0) return images;
        long size = images.shape[dim], kept = size - Math.Abs(by);
        var rest = images.narrow(dim, by > 0 ? 0 : -by, kept);
        var edge = Enumerable.Repeat(images.narrow(dim, by > 0 ? 0 : size - 1, 1), Math.Abs(by));
        Tensor[] parts = by > 0 ? [.. edge, rest] : [rest, .. edge];
        return cat(parts, dim);
    }
}
