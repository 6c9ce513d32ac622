namespace CnnMlNet;

/// <summary>
/// The shape of what flows between two layers, without the batch dimension: either an image [C, H, W] or a flat vector [F].
/// Immutable; thread safe.
/// </summary>
public readonly record struct ActivationShape
{
    private ActivationShape(long channels, long height, long width, bool isImage) =>
        (Channels, Height, Width, IsImage) = (channels, height, width, isImage);

    /// <summary>Channels of an image, features of a flat vector.</summary>
    public long Channels { get; }

    /// <summary>Height in pixels; 1 for a flat vector.</summary>
    public long Height { get; }

    /// <summary>Width in pixels; 1 for a flat vector.</summary>
    public long Width { get; }

    /// <summary>True for [C, H, W], false for [F].</summary>
    public bool IsImage { get; }

    /// <summary>Number of values.</summary>
    public long Size => checked(Channels * Height * Width);

    /// <summary>An image shape [C, H, W].</summary>
    public static ActivationShape Image(long channels, long height, long width) => new(channels, height, width, true);

    /// <summary>A flat shape [F].</summary>
    public static ActivationShape Flat(long features) => new(features, 1, 1, false);

    /// <summary>The shape as text: <c>[16, 28, 28]</c> or <c>[1568]</c>.</summary>
    public override string ToString() => IsImage ? $"[{Channels}, {Height}, {Width}]" : $"[{Channels}]";
}
