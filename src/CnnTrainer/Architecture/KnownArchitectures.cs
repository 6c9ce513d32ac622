namespace CnnMlNet;

/// <content>Known architectures.</content>
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
    /// LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998) as it is taught today: Tanh, average pooling, and a padding of 2 so that
    /// 28 x 28 images act as the paper's 32 x 32. 61,706 parameters for 1 x 28 x 28 images of 10 classes.
    /// </summary>
    public static CnnArchitecture LeNet5 { get; } = new(
        Layer.Conv(6, kernel: 5, padding: 2), Layer.Tanh(), Layer.AvgPool(2),
        Layer.Conv(16, kernel: 5), Layer.Tanh(), Layer.AvgPool(2),
        Layer.Flatten(), Layer.Linear(120), Layer.Tanh(), Layer.Linear(84), Layer.Tanh(), Layer.Output());
}
