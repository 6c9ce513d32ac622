namespace CnnMlNet;

/// <content>Known architectures: published ones. The weights of the VGG networks have torchvision's paths.</content>
public sealed partial class CnnArchitecture
{
    private static readonly IReadOnlyList<Layer> ImageNetClassifier =
    [
        Layer.Linear(4096), Layer.Relu(), Layer.Dropout(0.5), Layer.Linear(4096), Layer.Relu(), Layer.Dropout(0.5), Layer.Output(),
    ];

    /// <summary>
    /// AlexNet (Krizhevsky, Sutskever and Hinton 2012) as in the paper, with its two groups of channels and overlapping pools, without the local
    /// response normalisation, which has no parameters: 60,965,224 parameters for 3 x 227 x 227 images of 1,000 classes. For images of at
    /// least 67 x 67 pixels.
    /// </summary>
    public static CnnArchitecture AlexNet { get; } = new(
        Layer.Sequence(
            Layer.Conv(96, kernel: 11, stride: 4), Layer.Relu(), Layer.MaxPool(3, stride: 2),
            Layer.Conv(256, kernel: 5, padding: 2, groups: 2), Layer.Relu(), Layer.MaxPool(3, stride: 2),
            Layer.Conv(384, kernel: 3, padding: 1), Layer.Relu(),
            Layer.Conv(384, kernel: 3, padding: 1, groups: 2), Layer.Relu(),
            Layer.Conv(256, kernel: 3, padding: 1, groups: 2), Layer.Relu(), Layer.MaxPool(3, stride: 2)).Named("features"),
        Layer.Flatten(), Layer.Sequence(ImageNetClassifier).Named("classifier"));

    /// <summary>
    /// VGG-11 (Simonyan and Zisserman 2015, configuration A): convolutions 3x3 in five stages, a classifier of 4096, 4096 and the outputs with
    /// dropout 0.5. 132,863,336 parameters for 3 images of 1,000 classes. An adaptive pool before the classifier, without effect on the published
    /// 3 x 224 x 224 images, makes it fit all of at least 32 x 32 pixels.
    /// </summary>
    public static CnnArchitecture Vgg11 { get; } = Vgg(1, 1, 2, 2, 2);

    /// <summary>VGG-13 (configuration B), otherwise as <see cref="Vgg11"/>: 133,047,848 parameters.</summary>
    public static CnnArchitecture Vgg13 { get; } = Vgg(2, 2, 2, 2, 2);

    /// <summary>VGG-16 (configuration D), otherwise as <see cref="Vgg11"/>: 138,357,544 parameters.</summary>
    public static CnnArchitecture Vgg16 { get; } = Vgg(2, 2, 3, 3, 3);

    /// <summary>VGG-19 (configuration E), otherwise as <see cref="Vgg11"/>: 143,667,240 parameters.</summary>
    public static CnnArchitecture Vgg19 { get; } = Vgg(2, 2, 4, 4, 4);

    /// <summary>
    /// ResNet-18 (He, Zhang, Ren and Sun 2016), shortcuts of 1x1 convolutions where the size changes: 11,689,512 parameters for 3 channels and
    /// 1,000 classes, published for 224 x 224 pixels. For images of at least 17 x 17 pixels.
    /// </summary>
    public static CnnArchitecture ResNet18 { get; } = new(
        Layer.Conv(64, kernel: 7, stride: 2, padding: 3, bias: false).Named("conv1"), Layer.BatchNorm().Named("bn1"), Layer.Relu(), Layer.MaxPool(3, stride: 2, padding: 1),
        Layer.Sequence(BasicBlock(64), BasicBlock(64)).Named("layer1"),
        Layer.Sequence(BasicBlock(128, shrinks: true), BasicBlock(128)).Named("layer2"),
        Layer.Sequence(BasicBlock(256, shrinks: true), BasicBlock(256)).Named("layer3"),
        Layer.Sequence(BasicBlock(512, shrinks: true), BasicBlock(512)).Named("layer4"),
        Layer.GlobalAvgPool(), Layer.Flatten(), Layer.Output().Named("fc"));

    /// <summary>
    /// ResNet-9, the fast network for small images (after Page 2018, "How to train your ResNet"): convolutions 3x3 with batch normalisation,
    /// two residual blocks, a global maximum. 6,573,130 parameters for 3 x 32 x 32 images of 10 classes. For images of at least 8 x 8 pixels.
    /// </summary>
    public static CnnArchitecture ResNet9 { get; } = new(
        Normalised(64).Named("prepare"),
        Normalised(128).Named("layer1"), Layer.MaxPool(2), Layer.Residual([Normalised(128), Normalised(128)]).Named("residual1"),
        Normalised(256).Named("layer2"), Layer.MaxPool(2),
        Normalised(512).Named("layer3"), Layer.MaxPool(2), Layer.Residual([Normalised(512), Normalised(512)]).Named("residual3"),
        Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());

    /// <summary>
    /// U-Net (Ronneberger, Fischer and Brox 2015), for <see cref="Head.PerPixel"/>: on each level two convolutions 3x3, and a way down to the next, with
    /// half the height and width and twice the channels, and back up by a transposed convolution 2x2, whose output stands beside what was there. As it is
    /// usually built today, convolutions keep the size and have batch normalisation. 117,124 parameters for 1 x 48 x 48 images of 4 classes; the
    /// paper's width is <c>UNet(64, 4)</c>. For images whose height and width are multiples of 2^depth.
    /// </summary>
    /// <param name="channels">Channels of the first level; at least 1. Default 16.</param>
    /// <param name="depth">Times that the size is halved; 1 to 8. Default 2.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static CnnArchitecture UNet(int channels = 16, int depth = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 8);
        return new([.. Level(channels, depth), Layer.Output()]);

        static IEnumerable<Layer> Level(int channels, int depth) => depth == 0 ? [Twice(channels).Named("middle")] :
        [
            Twice(channels).Named("encode"),
            Layer.Concat([Layer.MaxPool(2), .. Level(2 * channels, depth - 1), Layer.ConvTransposed(channels, kernel: 2, stride: 2).Named("up")]).Named("skip"),
            Twice(channels).Named("decode"),
        ];

        static Layer Twice(int channels) => Layer.Repeat(2, Layer.Conv(channels, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
    }

    private static CnnArchitecture Vgg(params ReadOnlySpan<int> convolutions)
    {
        int[] channels = [64, 128, 256, 512, 512];
        var features = new List<Layer>();
        for (int stage = 0; stage < channels.Length; stage++)
        {
            for (int i = 0; i < convolutions[stage]; i++) features.AddRange(Layer.Conv(channels[stage], kernel: 3, padding: 1), Layer.Relu());
            features.Add(Layer.MaxPool(2));
        }

        return new(Layer.Sequence(features).Named("features"), Layer.AdaptiveAvgPool(7), Layer.Flatten(), Layer.Sequence(ImageNetClassifier).Named("classifier"));
    }

    private static Layer BasicBlock(int channels, bool shrinks = false) => Layer.Sequence(
        Layer.Residual(
            [
                Layer.Conv(channels, kernel: 3, stride: shrinks ? 2 : 1, padding: 1, bias: false).Named("conv1"), Layer.BatchNorm().Named("bn1"), Layer.Relu(),
                Layer.Conv(channels, kernel: 3, padding: 1, bias: false).Named("conv2"), Layer.BatchNorm().Named("bn2"),
            ],
            shrinks ? [Layer.Conv(channels, kernel: 1, stride: 2, bias: false), Layer.BatchNorm()] : null),
        Layer.Relu());

    private static Layer Normalised(int channels) =>
        Layer.Sequence(Layer.Conv(channels, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());
}
