namespace CnnMlNet;

/// <content>Layers of images: convolutions and pools.</content>
public abstract partial record Layer
{
    /// <summary>
    /// 2-D convolution of [C, H, W] with <paramref name="channels"/> filters [C / groups, kernel height, kernel width], giving
    /// [channels, H2, W2] with H2 = floor((H + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1, and W2 likewise.
    /// </summary>
    /// <param name="channels">Number of filters, the channels of the output; at least 1, a multiple of <paramref name="groups"/>.</param>
    /// <param name="kernel">Height and width of a filter in pixels; at least 1.</param>
    /// <param name="stride">Step of the filter in pixels; at least 1. Default 1.</param>
    /// <param name="padding">Rows and columns added on every side, at least 0, or <see cref="Padding.Same"/>. Default 0.</param>
    /// <param name="dilation">Distance of the pixels that neighbours in the filter meet; at least 1. Default 1.</param>
    /// <param name="groups">Groups of channels that do not mix; divides the channels of input and output. Default 1.</param>
    /// <param name="bias">Whether each filter adds a learned number. Default true.</param>
    /// <param name="paddingMode">What stands in the padding. Default zeros.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer Conv(
        int channels, Size2D kernel, Size2D? stride = null, Padding padding = default, Size2D? dilation = null,
        int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros) => new ConvLayer
        {
            Channels = channels, Kernel = kernel, Stride = stride ?? 1, Padding = padding, Dilation = dilation ?? 1,
            Groups = groups, Bias = bias, PaddingMode = paddingMode,
        }.Checked();

    /// <summary>Convolution of each channel by itself with one filter: [C, H, W] to [C, H2, W2], H2 and W2 as for <see cref="Conv"/>.</summary>
    /// <param name="kernel">Height and width of a filter in pixels; at least 1.</param>
    /// <param name="stride">Step of the filter in pixels; at least 1. Default 1.</param>
    /// <param name="padding">Rows and columns added on every side, at least 0, or <see cref="Padding.Same"/>. Default 0.</param>
    /// <param name="dilation">Distance of the pixels that neighbours in the filter meet; at least 1. Default 1.</param>
    /// <param name="bias">Whether each filter adds a learned number. Default true.</param>
    /// <param name="paddingMode">What stands in the padding. Default zeros.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer DepthwiseConv(
        Size2D kernel, Size2D? stride = null, Padding padding = default, Size2D? dilation = null, bool bias = true,
        PaddingMode paddingMode = PaddingMode.Zeros) => new DepthwiseConvLayer
        {
            Kernel = kernel, Stride = stride ?? 1, Padding = padding, Dilation = dilation ?? 1, Bias = bias, PaddingMode = paddingMode,
        }.Checked();

    /// <summary>
    /// Depthwise-separable convolution (Chollet 2017; Howard and others 2017): a <see cref="DepthwiseConv"/>, then a convolution 1 x 1 that mixes
    /// the channels. C * kernel + C * channels weights instead of C * kernel * channels. Their paths: <c>name.depthwise</c>, <c>name.pointwise</c>.
    /// </summary>
    /// <param name="channels">Channels of the output; at least 1.</param>
    /// <param name="kernel">Height and width of the filters in pixels; at least 1.</param>
    /// <param name="stride">Step of the filters in pixels; at least 1. Default 1.</param>
    /// <param name="padding">Rows and columns added on every side, at least 0, or <see cref="Padding.Same"/>. Default 0.</param>
    /// <param name="dilation">Distance of the pixels that neighbours in the filter meet; at least 1. Default 1.</param>
    /// <param name="bias">Whether the filters of both convolutions add a learned number. Default true.</param>
    /// <param name="paddingMode">What stands in the padding. Default zeros.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer DepthwiseSeparableConv(
        int channels, Size2D kernel, Size2D? stride = null, Padding padding = default, Size2D? dilation = null, bool bias = true,
        PaddingMode paddingMode = PaddingMode.Zeros) => Sequence(
            DepthwiseConv(kernel, stride, padding, dilation, bias, paddingMode).Named("depthwise"),
            Conv(channels, kernel: 1, bias: bias).Named("pointwise"));

    /// <summary>
    /// Transposed convolution, the way back from a <see cref="Conv"/> of the same settings (Zeiler and others 2010): [C, H, W] to [channels, H2, W2] with
    /// H2 = (H - 1) * stride - 2 * padding + kernel + outputPadding, and W2 likewise. Weights [C, channels, kernel height, kernel width].
    /// </summary>
    /// <param name="channels">Channels of the output; at least 1.</param>
    /// <param name="kernel">Height and width of a filter in pixels; at least 1.</param>
    /// <param name="stride">Pixels of the output from one of the input to the next; at least 1: 2 doubles the size. Default 1.</param>
    /// <param name="padding">Rows and columns cut off on every side; at least 0, less than the kernel. Default 0.</param>
    /// <param name="outputPadding">Rows and columns more below and to the right, to meet a size that several others come from; at least 0, less
    /// than the stride. Default 0.</param>
    /// <param name="bias">Whether each filter adds a learned number. Default true.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer ConvTransposed(int channels, Size2D kernel, Size2D? stride = null, Size2D padding = default, Size2D outputPadding = default, bool bias = true) =>
        new ConvTransposedLayer { Channels = channels, Kernel = kernel, Stride = stride ?? 1, Padding = padding, OutputPadding = outputPadding, Bias = bias }.Checked();

    /// <summary>The image made larger, channels unchanged: [C, H, W] to [C, factor * H, factor * W].</summary>
    /// <param name="factor">How many times the height and the width; at least 2.</param>
    /// <param name="bilinear">Whether values are interpolated between the middles of pixels (align_corners=False of PyTorch); false, the default, to repeat
    /// each pixel.</param>
    /// <exception cref="ArgumentException">The factor is out of its range.</exception>
    public static Layer Upsample(int factor, bool bilinear = false) => new UpsampleLayer { Factor = factor, Bilinear = bilinear }.Checked();

    /// <summary>Maximum over windows; output size as for <see cref="Conv"/>, channels unchanged.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of minus infinity added on every side; at most kernel / 2. Default 0.</param>
    /// <param name="dilation">Distance of the pixels that neighbours in the window meet; at least 1. Default 1.</param>
    /// <param name="ceilMode">Whether a window that begins within the input, or its padding before, and ends beyond counts too: ceil instead of floor. Default false.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer MaxPool(Size2D kernel, Size2D? stride = null, Size2D padding = default, Size2D? dilation = null, bool ceilMode = false) =>
        new MaxPoolLayer { Kernel = kernel, Stride = stride ?? kernel, Padding = padding, Dilation = dilation ?? 1, CeilMode = ceilMode }.Checked();

    /// <summary>Mean over windows; output size as for <see cref="Conv"/>, channels unchanged. Padding counts as zeros.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of zeros added on every side; at most kernel / 2. Default 0.</param>
    /// <param name="ceilMode">As for <see cref="MaxPool"/>; what lies beyond the padding counts neither as a value nor in the number of them. Default false.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer AvgPool(Size2D kernel, Size2D? stride = null, Size2D padding = default, bool ceilMode = false) =>
        new AvgPoolLayer { Kernel = kernel, Stride = stride ?? kernel, Padding = padding, CeilMode = ceilMode }.Checked();

    /// <summary>Maximum over windows that follow from the size asked for, whatever the input's; channels unchanged.</summary>
    /// <param name="output">Height and width of the output; at least 1. Row i is of the input's rows floor(i * H / height) to ceil((i + 1) * H / height) - 1.</param>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public static Layer AdaptiveMaxPool(Size2D output) => new AdaptiveMaxPoolLayer { Size = output }.Checked();

    /// <summary>Mean over windows that follow from the size asked for, whatever the input's; channels unchanged.</summary>
    /// <param name="output">Height and width of the output; at least 1. Windows as for <see cref="AdaptiveMaxPool"/>.</param>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public static Layer AdaptiveAvgPool(Size2D output) => new AdaptiveAvgPoolLayer { Size = output }.Checked();

    /// <summary>The largest value of each channel: [C, H, W] to [C, 1, 1]. <see cref="Flatten"/> makes [C] of it.</summary>
    public static Layer GlobalMaxPool() => AdaptiveMaxPool(1);

    /// <summary>The mean of each channel: [C, H, W] to [C, 1, 1]. <see cref="Flatten"/> makes [C] of it.</summary>
    public static Layer GlobalAvgPool() => AdaptiveAvgPool(1);
}
