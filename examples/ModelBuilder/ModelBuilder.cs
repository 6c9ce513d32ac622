// A program in one file, as Model Builder writes it: model classes, training, evaluation, consumption.
//
//   dotnet run -c Release examples/ModelBuilder/ModelBuilder.cs             bars that lie, stand or slant, drawn by the program
//   dotnet run -c Release examples/ModelBuilder/ModelBuilder.cs -- DIR      digits: the four MNIST files in DIR
#:project ../../src/CnnTrainer.Extensions/CnnTrainer.Extensions.csproj
#:package TorchSharp-cpu
#:property PublishAot=false
using CnnMlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 1);
var data = args.Length > 0 ? DigitModel.LoadFromFolder(mlContext, args[0]) : mlContext.Data.LoadFromEnumerable(Bars.Draw(1_200));
var split = mlContext.Data.StratifiedTrainTestSplit(data, testFraction: 0.2);

var model = DigitModel.Train(mlContext, split.TrainSet);
DigitModel.SaveModel(mlContext, model, data, DigitModel.ModelPath);
(model as IDisposable)?.Dispose();
DigitModel.Evaluate(mlContext, split.TestSet, DigitModel.ModelPath);

// What an application does: the model comes from the file, by the first prediction.
var sample = mlContext.Data.CreateEnumerable<DigitModel.ModelInput>(split.TestSet, reuseRowObject: false).First();
Console.WriteLine($"\nOne image of '{sample.Label}':");
foreach (var (label, score) in DigitModel.PredictAllLabels(sample).Take(3)) Console.WriteLine($"  {label,-8} {score:F4}");

/// <summary>What Model Builder would call by the model's name.</summary>
internal static class DigitModel
{
    public static string ModelPath { get; } = Path.Combine(Path.GetTempPath(), "DigitModel.mlnet");

    private static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, isThreadSafe: true);

    /// <summary>What goes in: an image [1, 28, 28], values 0 to 255, and its label, which a prediction does not need.</summary>
    public sealed class ModelInput
    {
        [ColumnName("Features"), VectorType(1, 28, 28)]
        public float[] Features { get; set; } = [];

        [ColumnName("Label")]
        public string Label { get; set; } = "";
    }

    /// <summary>What comes out.</summary>
    public sealed class ModelOutput
    {
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];

        [ColumnName("PredictedName")]
        public string PredictedLabel { get; set; } = "";
    }

    public static IDataView LoadFromFolder(MLContext mlContext, string folder) =>
        mlContext.Data.LoadFromIdx(Path.Combine(folder, "train-images-idx3-ubyte.gz"), Path.Combine(folder, "train-labels-idx1-ubyte.gz"));

    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
            {
                Architecture = CnnArchitecture.SimpleBatchNorm,
                Epochs = 4,
                BatchSize = 50,
                PixelScaling = PixelScaling.Standard(),
                OnEpochEnd = Console.WriteLine,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));

    public static ITransformer Train(MLContext mlContext, IDataView trainData) => BuildPipeline(mlContext).Fit(trainData);

    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelPath) =>
        mlContext.Model.SaveSafely(model, data.Schema, modelPath);

    public static void Evaluate(MLContext mlContext, IDataView testData, string modelPath)
    {
        var model = mlContext.Model.Load(modelPath, out _);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(testData));
        Console.WriteLine($"Micro accuracy {metrics.MicroAccuracy:F4}, macro accuracy {metrics.MacroAccuracy:F4}, log loss {metrics.LogLoss:F4}");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        (model as IDisposable)?.Dispose();   // the network's weights lie in memory that is not the runtime's
    }

    /// <summary>The prediction of one image. One thread at a time.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>All labels with their scores, the highest first.</summary>
    public static IEnumerable<(string Label, float Score)> PredictAllLabels(ModelInput input) =>
        Labels().Zip(Predict(input).Score).OrderByDescending(pair => pair.Second);

    private static IEnumerable<string> Labels()
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        PredictEngine.Value.OutputSchema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlContext.Model.Load(ModelPath, out _));
    }
}

/// <summary>Noisy bars for a first try.</summary>
internal static class Bars
{
    private static readonly string[] Names = ["lying", "standing", "slanting"];

    public static IEnumerable<DigitModel.ModelInput> Draw(int count)
    {
        var random = new Random(1);
        for (int image = 0; image < count; image++)
        {
            var (kind, place, pixels) = (image % 3, random.Next(4, 24), new float[28 * 28]);
            for (int i = 0; i < pixels.Length; i++)
            {
                var (row, column) = Math.DivRem(i, 28);
                int distance = kind == 0 ? row - place : kind == 1 ? column - place : row + column - 2 * place;
                pixels[i] = random.Next(140) + (Math.Abs(distance) <= 1 ? 100 : 0);
            }

            yield return new DigitModel.ModelInput { Features = pixels, Label = Names[kind] };
        }
    }
}
