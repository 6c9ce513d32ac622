namespace CnnMlNet;

/// <content>Known architectures: small ones, and patterns to make one's own.</content>
public sealed partial class CnnArchitecture
{
    /// <summary>
    /// Two blocks of convolution 5x5 (16, then 32 channels), ReLU and max-pooling, and one linear layer: 28,938 parameters for
    /// 1 x 28 x 28 images of 10 classes. For images of at least 4 x 4 pixels. The default.
    /// </summary>
    public static CnnArchitecture Simple { get; } = new(
        Layer.Conv(16, kernel: 5, padding: 2), Layer.Relu(), Layer.MaxPool(2),
        Layer.Conv(32, kernel: 5, padding: 2), Layer.Relu(), Layer.MaxPool(2),
        Layer.Flatten(), Layer.Output());

    /// <summary>
    /// As <see cref="Simple"/> without padding and with 10, then 20 channels: 8,490 parameters for 1 x 28 x 28 images of 10 classes. For
    /// images of at least 16 x 16 pixels.
    /// </summary>
    public static CnnArchitecture SimpleUnpadded { get; } = new(
        Layer.Conv(10, kernel: 5), Layer.Relu(), Layer.MaxPool(2),
        Layer.Conv(20, kernel: 5), Layer.Relu(), Layer.MaxPool(2),
        Layer.Flatten(), Layer.Output());

    /// <summary>
    /// <see cref="Simple"/> with batch normalisation before each ReLU: 29,034 parameters for 1 x 28 x 28 images of 10 classes, 34,634 for
    /// 3 x 32 x 32. For images of at least 4 x 4 pixels.
    /// </summary>
    public static CnnArchitecture SimpleBatchNorm { get; } = new(
        Layer.Conv(16, kernel: 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
        Layer.Conv(32, kernel: 5, padding: 2), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2),
        Layer.Flatten(), Layer.Output());

    /// <summary>
    /// Four convolutions 7x7 without padding or pooling (32, 64, 128 and 256 channels), ReLU after each, and a hidden layer of 128: 2,635,146
    /// parameters for 1 x 28 x 28 images of 10 classes. For images of at least 25 x 25 pixels.
    /// </summary>
    public static CnnArchitecture ConvolutionsOnly { get; } = new(
        Layer.Conv(32, kernel: 7), Layer.Relu(), Layer.Conv(64, kernel: 7), Layer.Relu(),
        Layer.Conv(128, kernel: 7), Layer.Relu(), Layer.Conv(256, kernel: 7), Layer.Relu(),
        Layer.Flatten(), Layer.Linear(128), Layer.Relu(), Layer.Output());

    /// <summary>
    /// LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998) as it is taught today: Tanh, average pooling, and a padding of 2 so that
    /// 28 x 28 images act as the paper's 32 x 32. 61,706 parameters for 1 x 28 x 28 images of 10 classes.
    /// </summary>
    public static CnnArchitecture LeNet5 { get; } = new(
        Layer.Conv(6, kernel: 5, padding: 2), Layer.Tanh(), Layer.AvgPool(2),
        Layer.Conv(16, kernel: 5), Layer.Tanh(), Layer.AvgPool(2),
        Layer.Flatten(), Layer.Linear(120), Layer.Tanh(), Layer.Linear(84), Layer.Tanh(), Layer.Output());

    /// <summary>Multilayer perceptron: hidden fully connected layers, each followed by an activation. For images of any size.</summary>
    /// <param name="hidden">Neurons of each hidden layer, each at least 1; none makes a linear classifier.</param>
    /// <param name="activation">What follows each hidden layer; null (the default) for ReLU.</param>
    /// <exception cref="ArgumentException">A number is less than 1.</exception>
    /// <example><code>CnnArchitecture.Mlp([256], Layer.Sigmoid()).Initialized(Initializer.XavierUniform(), Initializer.Zeros())</code></example>
    public static CnnArchitecture Mlp(IReadOnlyList<int> hidden, Layer? activation = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new([Layer.Flatten(), .. hidden.SelectMany(neurons => new[] { Layer.Linear(neurons), activation ?? Layer.Relu() }), Layer.Output()]);
    }

    /// <summary>
    /// The pattern of the lectures: [[convolution - ReLU] * N - max-pooling?] * M - [fully connected - ReLU] * K - fully connected, with M
    /// numbers of channels and K of neurons. Convolutions keep the size, max-pooling halves it.
    /// </summary>
    /// <param name="channels">Channels of each of the M blocks, each at least 1; none for a network without convolutions.</param>
    /// <param name="hidden">Neurons of each of the K hidden layers, each at least 1; null (the default) for none.</param>
    /// <param name="convolutions">Convolutions of a block, N; at least 1. Default 1.</param>
    /// <param name="kernel">Height and width of the filters in pixels; at least 1. Default 3.</param>
    /// <param name="pool">Whether each block ends in max-pooling 2x2. Default true.</param>
    /// <exception cref="ArgumentException">A number is less than 1, or there are more than 10,000 layers.</exception>
    /// <example><code>
    /// CnnArchitecture.Pattern([])                                     // a linear classifier
    /// CnnArchitecture.Pattern([16, 32], hidden: [128])                // a simple network
    /// CnnArchitecture.Pattern([64, 128, 256], [512, 512], convolutions: 2)   // for large images
    /// </code></example>
    public static CnnArchitecture Pattern(IReadOnlyList<int> channels, IReadOnlyList<int>? hidden = null, int convolutions = 1, Size2D? kernel = null, bool pool = true)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(convolutions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(convolutions, Limits.MostLayers);
        return new([.. channels.SelectMany(Block), .. Mlp(hidden ?? []).Layers]);

        IEnumerable<Layer> Block(int filters)
        {
            for (int i = 0; i < convolutions; i++)
            {
                yield return Layer.Conv(filters, kernel ?? 3, padding: Padding.Same);
                yield return Layer.Relu();
            }

            if (pool) yield return Layer.MaxPool(2);
        }
    }
}
