using System.Runtime.CompilerServices;

namespace CnnMlNet;

/// <summary>What stands in the rows and columns that are added around an image.</summary>
public enum PaddingMode
{
    /// <summary>Zeros; in augmentation <see cref="Augmentation.Fill"/>, which is 0 where nothing else is said.</summary>
    Zeros,

    /// <summary>The image mirrored at its border, the border itself not repeated.</summary>
    Reflect,

    /// <summary>The border's pixels again.</summary>
    Replicate,

    /// <summary>The image's other side.</summary>
    Circular,
}

/// <summary>Where what is added comes from.</summary>
internal static class PaddedIndex
{
    /// <summary>The index within an axis that a place on it or beyond its ends stands for; -1 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(PaddingMode mode, int index, int length) => (uint)index < (uint)length ? index : Beyond(mode, index, length);

    private static int Beyond(PaddingMode mode, int index, int length) => mode switch
    {
        PaddingMode.Replicate => index < 0 ? 0 : length - 1,
        PaddingMode.Circular => Modulo(index, length),
        PaddingMode.Reflect => Mirrored(index, length),
        _ => -1,
    };

    private static int Mirrored(int index, int length)
    {
        if (length == 1) return 0;
        int there = Modulo(index, 2 * length - 2);   // there and back, the ends once
        return Math.Min(there, 2 * length - 2 - there);
    }

    private static int Modulo(int value, int by) => (value % by + by) % by;
}
