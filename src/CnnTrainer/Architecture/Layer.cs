using System.Text.Json.Serialization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>
/// One layer of a <see cref="CnnArchitecture"/>: a description, not yet a module. Input sizes are never given; they follow from
/// the layer before. Immutable; thread safe. The layers there are come from the static members of this class.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConvLayer), "conv")]
[JsonDerivedType(typeof(PoolLayer), "pool")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>The rectifier, max(0, x).</summary>
    public static Layer Relu { get; } = new ActivationLayer { Function = ActivationFunction.Relu };

    /// <summary>Logistic sigmoid: 1 / (1 + exp(-x)).</summary>
    public static Layer Sigmoid { get; } = new ActivationLayer { Function = ActivationFunction.Sigmoid };

    /// <summary>Hyperbolic tangent.</summary>
    public static Layer Tanh { get; } = new ActivationLayer { Function = ActivationFunction.Tanh };

    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015): per channel of an image, per feature of a flat input; eps 1e-5, momentum 0.1,
    /// with learned scale and shift. Uses the batch's statistics while training and the running ones while validating and scoring.
    /// </summary>
    public static Layer BatchNorm { get; } = new BatchNormLayer();

    /// <summary>Turns an image [C, H, W] into a flat vector [C * H * W].</summary>
    public static Layer Flatten { get; } = new FlattenLayer();

    /// <summary>
    /// 2-D convolution of [C, H, W] with <paramref name="channels"/> filters [C, kernel, kernel] and a bias each, giving [channels, H2, W2]
    /// with H2 = floor((H - kernel + 2 * padding) / stride) + 1, and W2 likewise.
    /// </summary>
    /// <param name="channels">Number of filters, the channels of the output; at least 1.</param>
    /// <param name="kernel">Height and width of a filter in pixels; at least 1.</param>
    /// <param name="stride">Step of the filter in pixels; at least 1. Default 1.</param>
    /// <param name="padding">Rows and columns of zeros added on every side; at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Layer Conv(int channels, int kernel, int stride = 1, int padding = 0) =>
        new ConvLayer { Channels = channels, Kernel = kernel, Stride = stride, Padding = padding }.Checked();

    /// <summary>Maximum over windows of [kernel, kernel]; output size as for <see cref="Conv"/>, channels unchanged.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of minus infinity added on every side; at most kernel / 2. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Layer MaxPool(int kernel, int? stride = null, int padding = 0) =>
        new PoolLayer { Kind = PoolKind.Max, Kernel = kernel, Stride = stride ?? kernel, Padding = padding }.Checked();

    /// <summary>Mean over windows of [kernel, kernel]; output size as for <see cref="Conv"/>, channels unchanged. Padding counts as zeros.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of zeros added on every side; at most kernel / 2. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Layer AvgPool(int kernel, int? stride = null, int padding = 0) =>
        new PoolLayer { Kind = PoolKind.Average, Kernel = kernel, Stride = stride ?? kernel, Padding = padding }.Checked();

    /// <summary>Zeroes each value with the given probability while training, and scales the others by 1 / (1 - probability); does nothing otherwise.</summary>
    /// <param name="probability">Probability of a zero; at least 0, less than 1. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    public static Layer Dropout(double probability = 0.5) => new DropoutLayer { Probability = probability }.Checked();

    /// <summary>Fully connected layer with bias from a flat vector: [F] to [outputs].</summary>
    /// <param name="outputs">Number of neurons, at least 1; null (the default) for one per class, as the last layer needs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public static Layer Linear(int? outputs = null) => new LinearLayer { Outputs = outputs }.Checked();

    /// <summary>The layer and its settings in a few words, as the summary prints it: <c>Conv 16, kernel 5, padding 2</c>.</summary>
    [JsonIgnore]
    public string Description => Describe();

    private protected abstract string Describe();

    /// <summary>The shape this layer gives for an input of that shape; a <see cref="LayerMisfit"/> says why there is none.</summary>
    internal abstract ActivationShape OutputFor(ActivationShape input, int classes);

    /// <summary>Number of trained parameters.</summary>
    internal virtual long ParametersFor(ActivationShape input, int classes) => 0;

    /// <summary>Makes the module. Its owner disposes it.</summary>
    internal abstract Module<Tensor, Tensor> Build(ActivationShape input, int classes);

    /// <summary>This layer if its settings are in range; thrown again for a layer that comes from a file.</summary>
    internal virtual Layer Checked() => this;

    private protected static void AtLeast(int minimum, int value, string name) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum, name);

    private protected static ActivationShape ImageInput(ActivationShape input) => input.IsImage
        ? input
        : throw new LayerMisfit("it needs an image [C, H, W]: move it before Layer.Flatten");

    /// <summary>floor((size - kernel + 2 * padding) / stride) + 1, the arithmetic of convolution and pooling.</summary>
    private protected static ActivationShape Slide(ActivationShape input, long channels, int kernel, int stride, int padding)
    {
        ImageInput(input);
        return ActivationShape.Image(channels, Steps(input.Height, "height"), Steps(input.Width, "width"));

        long Steps(long size, string side)
        {
            long room = size - kernel + 2L * padding;
            return room >= 0 ? room / stride + 1 : throw new LayerMisfit(
                $"the {side} would be floor(({size} - {kernel} + 2 * {padding}) / {stride}) + 1, but {size} - {kernel} + 2 * {padding} = {room} is negative: " +
                $"use a kernel of at most {size + 2L * padding}, a padding of at least {(kernel - size + 1) / 2}, or less down-sampling before it");
        }
    }
}

/// <summary>Why a layer does not fit; <see cref="CnnArchitecture"/> adds which layer and its input.</summary>
internal sealed class LayerMisfit(string reason) : Exception(reason);
