namespace CnnMlNet;

/// <summary>The arithmetic of windows that slide over an image: convolution and pooling.</summary>
internal static class Sliding
{
    public static ActivationShape ImageInput(ActivationShape input) => input.IsImage
        ? input
        : throw new LayerMisfit("it needs an image [C, H, W]: move it before Layer.Flatten()");

    /// <summary>
    /// floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1 in both directions; with ceil instead, but then without windows
    /// that begin in the padding behind. Settings beyond any effect on the input are refused: they are mistakes, and native code computes
    /// with them in 32 bits.
    /// </summary>
    public static ActivationShape Output(ActivationShape input, long channels, Size2D kernel, Size2D stride, Size2D padding, Size2D dilation, bool ceil = false)
    {
        ImageInput(input);
        CheckRoom(input, kernel, dilation, 2L * padding.Height, 2L * padding.Width);
        return ActivationShape.Image(
            channels,
            Steps("height", input.Height, kernel.Height, stride.Height, padding.Height, dilation.Height, ceil),
            Steps("width", input.Width, kernel.Width, stride.Width, padding.Width, dilation.Width, ceil));
    }

    /// <summary>Refuses padding that makes more of an image than may lie between two layers, and dilation that leaves its kernel one pixel.</summary>
    public static void CheckRoom(ActivationShape input, Size2D kernel, Size2D dilation, long rows, long columns)
    {
        CheckDilation("height", input.Height, kernel.Height, dilation.Height);
        CheckDilation("width", input.Width, kernel.Width, dilation.Width);
        var padded = (Int128)input.Channels * (input.Height + rows) * (input.Width + columns);
        if (padded > Limits.MostValues)
        {
            throw new LayerMisfit(FormattableString.Invariant(
                $"with its padding the input would have {padded:N0} values for one image; at most {Limits.MostValues:N0} are possible"));
        }
    }

    private static void CheckDilation(string side, long size, long kernel, long dilation)
    {
        if (dilation == 1) return;
        if (kernel == 1) throw new LayerMisfit($"a dilation of {dilation} has no effect on a kernel of 1: leave it out");
        if (dilation >= size) throw new LayerMisfit($"a dilation of {dilation} is not less than the input's {side} {size}: the kernel would never meet two pixels at once");
    }

    private static long Steps(string side, long size, long kernel, long stride, long padding, long dilation, bool ceil)
    {
        long extent = dilation * (kernel - 1) + 1, padded = size + 2 * padding, room = padded - extent;
        if (padding > Math.Max(extent, size)) throw new LayerMisfit($"the padding {padding} is larger than both the input's {side} {size} and the kernel");
        if (room + (ceil ? stride - 1 : 0) < 0 || extent > Limits.MostValues)
        {
            string kernels = dilation == 1 ? $"{kernel}" : $"{kernel} (with dilation {dilation}: {extent})";
            throw new LayerMisfit(
                $"the {side} would be {(ceil ? "ceil" : "floor")}(({size} - {extent} + 2 * {padding}) / {stride}) + 1, but {size} - {extent} + 2 * {padding} = {room} is negative, " +
                $"the kernel being {kernels}: use a kernel of at most {(padded - 1) / dilation + 1}, a padding of at least {(extent - size + 1) / 2}, " +
                "or less down-sampling before it");
        }

        if (stride > Math.Max(padded, extent))
            throw new LayerMisfit($"a stride of {stride} is more than the {side} of {padded} that there is with padding: the window never moves");
        if (!ceil) return room / stride + 1;
        long steps = (room + stride - 1) / stride + 1;
        return (steps - 1) * stride >= size + padding ? steps - 1 : steps;
    }

    /// <exception cref="ArgumentOutOfRangeException">A size is below the minimum.</exception>
    public static void AtLeast(int minimum, Size2D size, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Height, minimum, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Width, minimum, name);
    }

    public static void CheckPool(Size2D kernel, Size2D stride, Size2D padding)
    {
        AtLeast(1, kernel, "kernel");
        AtLeast(1, stride, "stride");
        AtLeast(0, padding, "padding");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padding.Height, kernel.Height / 2, nameof(padding));   // LibTorch's own limit
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padding.Width, kernel.Width / 2, nameof(padding));
    }

    public static string Describe(string name, Size2D kernel, Size2D stride, Size2D padding) =>
        $"{name} {kernel}" + (stride == kernel ? "" : $", stride {stride}") + (padding == 0 ? "" : $", padding {padding}");
}
