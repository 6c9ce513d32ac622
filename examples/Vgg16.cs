using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>VGG-16 as it was published: 138 million parameters for photographs of 224 x 224 pixels and a thousand classes.</summary>
internal static class Vgg16
{
    /// <summary>Prints it layer by layer, and trains it for one step on two pictures of noise.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="weights">A safetensors file with torchvision's names, to begin with; null for weights that are drawn.</param>
    public static void TrainStep(MLContext ml, string? weights)
    {
        Console.WriteLine(CnnArchitecture.Vgg16.Summarize(new ImageShape(3, 224, 224), outputs: 1_000));
        var random = new Random(1);
        var photographs = ml.Data.LoadFromEnumerable(Enumerable.Range(1, 2).Select(label =>
        {
            var photograph = new Photograph { Label = (uint)label };
            random.NextBytes(photograph.Features);
            return photograph;
        }));
        using var network = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
        {
            Architecture = CnnArchitecture.Vgg16,
            PixelScaling = PixelScaling.ImageNet(),
            StartFrom = weights is null ? null : StartFrom.Safetensors(weights),
            Optimizer = Optimizer.Sgd(learningRate: 0.001),
            Epochs = 1,
        }).Fit(photographs);
        var history = network.Model.History;
        if (history.Transfer is { } transfer) Console.WriteLine($"First weights from '{weights}': {transfer}");
        Console.WriteLine($"VGG-16: one step on two images, loss {history.Epochs[0].Loss:F4}, {history.Seconds:F1} s");
    }

    private sealed class Photograph
    {
        [VectorType(3, 224, 224)]
        public byte[] Features { get; set; } = new byte[3 * 224 * 224];

        [KeyType(1_000)]
        public uint Label { get; set; }
    }
}
