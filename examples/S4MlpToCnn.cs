using System.Globalization;
using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>From the multilayer perceptron to the convolutional network: the same images, epochs and batches for each, and one table.</summary>
internal static class S4MlpToCnn
{
    public static ExampleSystem System { get; } = new("s4", "multilayer perceptrons beside convolutional networks, pooling beside strides", "accuracy", Run)
    {
        Epochs = 8, Options = new Dictionary<string, string[]> { ["dataset"] = ["fashion-mnist", "cifar10"], ["rate"] = [] },
    };

    private static double Run(Launch launch)
    {
        // 1. The data: the first 10,000 images, or all that there are of CIFAR-10. Batches of 1,024 want that many; of fewer images they are smaller.
        bool isCifar = launch.Options.GetValueOrDefault("dataset") == "cifar10";
        var (data, images) = (isCifar ? DataSet.Cifar10(launch) : DataSet.FashionMnist(launch), launch.Images ?? 10_000);
        var ml = new MLContext(launch.Seed);
        var (train, test) = data.In(ml, images);
        Console.WriteLine($"Data: {data.Title}");

        // 2. Perceptrons: Xavier's weights and no biases before a sigmoid, He's weights before ReLU.
        int[][] hidden = isCifar ? [[256], [256, 256], [256, 256, 256]] : [[256], [256, 256]];
        var networks = hidden.Select(neurons => ($"MLP {string.Join('-', neurons)}, ReLU", CnnArchitecture.Mlp(neurons).Initialized(Initializer.HeUniform()), 0.001)).ToList();
        if (!isCifar) networks.Insert(0, ("MLP 256, sigmoid", CnnArchitecture.Mlp([256], Layer.Sigmoid()).Initialized(Initializer.XavierUniform(), Initializer.Zeros()), 0.001));

        // 3. Convolutional networks: one of convolutions only, and a small one whose images shrink by pooling, or by strides. The large one's rate of
        //    1e-5 is for far more than these few steps: --rate 1e-5 shows what it learns in them.
        double rate = double.Parse(launch.Options.GetValueOrDefault("rate", "0.001"), CultureInfo.InvariantCulture);
        networks.AddRange([
            ("CNN, max-pooling", Small(stride: 1, Layer.MaxPool(2)), 0.003), ("CNN, strides", Small(stride: 2), 0.003),
            ("CNN, convolutions only", CnnArchitecture.ConvolutionsOnly.Initialized(Initializer.HeUniform()), rate),
        ]);
        Console.WriteLine(CnnArchitecture.ConvolutionsOnly.Summarize(data.Shape, outputs: 10));

        // 4. Each learns from the same: pixels of -1 to 1, (x / 255 - 0.5) / 0.5; whole batches only, loaded by ten threads.
        var results = networks.Select(network =>
        {
            var (name, architecture, learningRate) = network;
            var trainer = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
            {
                Architecture = architecture,
                Epochs = launch.Epochs,
                BatchSize = images < 10_000 ? 128 : 1024,
                DropLastBatch = true,
                LoadingThreads = 10,
                PixelScaling = PixelScaling.Fixed([127.5], [127.5]),
                Optimizer = Optimizer.Adam(learningRate),
            }.Watched());
            Console.WriteLine(name);
            using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(train);
            return (Name: name, Parameters: architecture.Summarize(data.Shape, 10).Parameters, Rate: learningRate,
                Accuracy: ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy, model.LastTransformer.Model.History.Seconds);
        }).ToList();

        // 5. The table, and its picture.
        Console.WriteLine($"\n{"network",-24} parameters    rate  test accuracy  seconds");
        foreach (var (name, parameters, learningRate, accuracy, seconds) in results)
            Console.WriteLine($"{name,-24} {parameters,10:N0} {learningRate,7:G2} {accuracy,14:F4} {seconds,8:F1}");
        Pictures.Bars(data.Title, "test accuracy", [.. results.Select(result => (result.Name, result.Accuracy))]).Save(launch.FileOf("accuracy.svg"));
        return results.Skip(hidden.Length + (isCifar ? 0 : 1)).Max(result => result.Accuracy);
    }

    private static CnnArchitecture Small(int stride, params Layer[] shrink) => new CnnArchitecture([
        Layer.Conv(16, kernel: 5, stride, padding: 2), Layer.Relu(), .. shrink, Layer.Conv(32, kernel: 5, stride, padding: 2), Layer.Relu(), .. shrink,
        Layer.Flatten(), Layer.Linear(128), Layer.Relu(), Layer.Output(),
    ]).Initialized(Initializer.HeUniform());
}
