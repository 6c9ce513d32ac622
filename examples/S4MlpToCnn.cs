using Microsoft.ML;
using Microsoft.ML.Data;

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
        // 1. The data: the first 10,000 images, or all that there are of CIFAR-10. 1,024 of 60,000 are a batch, and as large a part of fewer.
        bool isCifar = launch.Options.GetValueOrDefault("dataset") == "cifar10";
        var data = isCifar ? DataSet.Cifar10(launch) : DataSet.FashionMnist(launch);
        var ml = new MLContext(launch.Seed);
        var (train, test) = data.In(ml, launch.Images ?? 10_000);
        int images = train.GetColumn<string>("Label").Count();
        Console.WriteLine($"Data: {data.Title}, {images:N0} training images");

        // 2. Perceptrons: Xavier's weights and no biases before a sigmoid, He's weights before ReLU.
        int[][] hidden = isCifar ? [[256], [256, 256], [256, 256, 256]] : [[256], [256, 256]];
        var networks = hidden.Select(neurons => ($"MLP {string.Join('-', neurons)}, ReLU", CnnArchitecture.Mlp(neurons).Initialized(Initializer.HeUniform()), 0.001)).ToList();
        if (!isCifar) networks.Insert(0, ("MLP 256, sigmoid", CnnArchitecture.Mlp([256], Layer.Sigmoid()).Initialized(Initializer.XavierUniform(), Initializer.Zeros()), 0.001));

        // 3. Convolutional networks: one of convolutions only, and a small one whose images shrink by pooling, or by strides. The large one's rate of
        //    1e-5 is for many more epochs than these: --rate 1e-5 shows what it learns in them.
        double rate = launch.Positive("rate", 0.0005);
        networks.AddRange([
            ("CNN, max-pooling", Small(stride: 1, Layer.MaxPool(2)), 0.001), ("CNN, strides", Small(stride: 2), 0.001),
            ("CNN, convolutions only", CnnArchitecture.ConvolutionsOnly.Initialized(Initializer.HeUniform()), rate),
        ]);
        Console.WriteLine(CnnArchitecture.ConvolutionsOnly.Summarize(data.Shape, outputs: 10));

        // 4. Each learns from the same: pixels of -1 to 1, (x / 255 - 0.5) / 0.5; whole batches only, loaded by ten threads; in
        //    bfloat16 where the processor is faster with it.
        var results = networks.Select(network =>
        {
            var (name, architecture, learningRate) = network;
            var trainer = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
            {
                Architecture = architecture,
                Epochs = launch.Epochs,
                BatchSize = Math.Max(16, images * 1024 / 60_000),
                DropLastBatch = true,
                LoadingThreads = 10,
                Precision = Precision.Automatic,
                PixelScaling = PixelScaling.Fixed([127.5], [127.5]),
                Optimizer = Optimizer.Adam(learningRate),
                Schedule = Schedule.Cosine(),
            }.WithProgressBar());
            Console.WriteLine(name);
            using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(train);
            return (Name: name, Parameters: architecture.Summarize(data.Shape, 10).Parameters, Rate: learningRate,
                Accuracy: ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy, model.LastTransformer.Model.History.Seconds);
        }).ToList();

        // 5. The table, and its picture.
        Console.WriteLine($"\n{"network",-24} parameters    rate  test accuracy  seconds");
        foreach (var (name, parameters, learningRate, accuracy, seconds) in results)
            Console.WriteLine($"{name,-24} {parameters,10:N0} {learningRate,7:G2} {accuracy,14:F4} {seconds,8:F1}");
        launch.Save(Pictures.Bars(data.Title, "test accuracy", [.. results.Select(result => (result.Name, result.Accuracy))]), "accuracy.svg");
        return results.Skip(hidden.Length + (isCifar ? 0 : 1)).Max(result => result.Accuracy);
    }

    private static CnnArchitecture Small(int stride, params Layer[] shrink) => new CnnArchitecture([
        Layer.Conv(16, kernel: 5, stride, padding: 2), Layer.Relu(), .. shrink, Layer.Conv(32, kernel: 5, stride, padding: 2), Layer.Relu(), .. shrink,
        Layer.Flatten(), Layer.Linear(128), Layer.Relu(), Layer.Output(),
    ]).Initialized(Initializer.HeUniform());
}
