namespace CnnMlNet.Benchmarks;

/// <summary>A network that is measured as a whole; <c>peer_models.py</c> has the same ones. All train with Adam.</summary>
/// <param name="Name">What the command line says.</param>
/// <param name="Shape">Its images.</param>
/// <param name="BatchSize">Rows of a training step.</param>
/// <param name="Steps">Training steps of an epoch.</param>
/// <param name="Architecture">Its layers, for 10 classes.</param>
/// <param name="IsHeavy">Whether an image takes so long that a comparison goes through fewer of them.</param>
internal sealed record BenchmarkModel(string Name, ImageShape Shape, int BatchSize, int Steps, CnnArchitecture Architecture, bool IsHeavy = false)
{
    private static readonly ImageShape s_grey = new(1, 28, 28), s_colour = new(3, 32, 32);

    public static IReadOnlyList<BenchmarkModel> All { get; } =
    [
        new("uw-mnist", s_grey, 100, 60, CnnArchitecture.Simple),
        new("neu-mnist", s_grey, 64, 100, CnnArchitecture.SimpleUnpadded),
        new("atzberger-mnist", s_grey, 100, 40, CnnArchitecture.SimpleBatchNorm),
        new("atzberger-cifar", s_colour, 100, 30, CnnArchitecture.SimpleBatchNorm),
        new("dinh-conv7-fashion", s_grey, 1024, 2, CnnArchitecture.ConvolutionsOnly, IsHeavy: true),
        new("dinh-mlp-fashion", s_grey, 1024, 20, CnnArchitecture.Mlp([256, 256])),
        new("dinh-mlp-cifar", s_colour, 1024, 10, CnnArchitecture.Mlp([256, 256, 256])),
        new("vgg16-cifar", s_colour, 64, 4, Vgg16(), IsHeavy: true),
        new("resnet9-cifar", s_colour, 64, 4, CnnArchitecture.ResNet9, IsHeavy: true),
    ];

    public int Rows => BatchSize * Steps;

    /// <summary>VGG-16's convolutions, and a classifier for images of 32 x 32.</summary>
    private static CnnArchitecture Vgg16()
    {
        var layers = new List<Layer>();
        foreach (var (channels, convolutions) in new[] { (64, 2), (128, 2), (256, 3), (512, 3), (512, 3) })
        {
            for (int i = 0; i < convolutions; i++) layers.AddRange([Layer.Conv(channels, kernel: 3, padding: 1), Layer.Relu()]);
            layers.Add(Layer.MaxPool(2));
        }

        return new([.. layers, Layer.Flatten(), Layer.Linear(512), Layer.Relu(), Layer.Dropout(0.5), Layer.Output()]);
    }
}
