using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>A labeled image as a user of ML.NET writes it down.</summary>
internal sealed class ImageRow
{
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}

/// <summary>What a PredictionEngine gives back.</summary>
internal sealed class Prediction
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}

/// <summary>Small data and options that tests share. Everything is the same in every run.</summary>
internal static class Some
{
    public static ImageShape Shape { get; } = new(1, 8, 8);

    /// <summary>Conv, ReLU, MaxPool and Linear: 235 parameters for 1 x 8 x 8 images of 3 classes.</summary>
    public static CnnArchitecture Network { get; } = new(
        Layer.Conv(4, kernel: 3, padding: 1), Layer.Relu(), Layer.MaxPool(2), Layer.Flatten(), Layer.Output());

    /// <summary>Every kind of layer there is.</summary>
    public static CnnArchitecture AllLayers { get; } = new(
        Layer.Conv(3, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2, ceilMode: true),
        Layer.DepthwiseSeparableConv(4, kernel: 3, padding: Padding.Same), Layer.GroupNorm(2), Layer.LeakyRelu(), Layer.Dropout2d(0.1),
        Layer.Repeat(2, Layer.Residual([Layer.Conv(4, kernel: 1), Layer.Elu()]), Layer.Gelu()),
        Layer.Conv(4, kernel: 2, stride: 2), Layer.Tanh(), Layer.AvgPool(3, stride: 1, padding: 1),
        Layer.Upsample(2), Layer.ConvTransposed(4, kernel: 3, padding: 1), Layer.Concat([Layer.Conv(2, kernel: 1)]),
        Layer.AdaptiveMaxPool(2), Layer.Silu(), Layer.AdaptiveAvgPool((2, 1)), Layer.LogSoftmax(),
        Layer.Flatten(), Layer.Dropout(0.25), Layer.Linear(6, bias: false), Layer.BatchNorm(), Layer.Sigmoid(), Layer.Output());

    public static MLContext Context(int seed = 1) => new(seed);

    /// <summary>Trains on <see cref="Keyed"/> in a moment and learns it.</summary>
    public static CnnTrainerOptions Options { get; } = new()
    {
        Architecture = Network,
        Epochs = 3,
        BatchSize = 16,
        Optimizer = Optimizer.Adam(1e-2),
        Seed = 7,
        Threads = 1,
    };

    /// <summary>Images whose class shows as a bright band of rows; labels c0, c1 ... in turn.</summary>
    public static IEnumerable<ImageRow> Rows(int rows = 60, int classes = 3, ImageShape? shape = null, int seed = 1)
    {
        var random = new Random(seed);
        for (int row = 0; row < rows; row++) yield return Row(row % classes, classes, shape ?? Shape, random);
    }

    /// <summary><see cref="Rows"/> as a view: Features with the dimensions [C, H, W], and Label as text.</summary>
    public static IDataView Images(MLContext ml, int rows = 60, int classes = 3, ImageShape? shape = null, int seed = 1) =>
        View(ml, Rows(rows, classes, shape, seed).ToList(), shape);

    /// <summary>The same with the label as a key.</summary>
    public static IDataView Keyed(MLContext ml, int rows = 60, int classes = 3, ImageShape? shape = null, int seed = 1) =>
        WithKeys(ml, Images(ml, rows, classes, shape, seed));

    public static IDataView WithKeys(MLContext ml, IDataView view) => ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

    public static IDataView View<T>(MLContext ml, IEnumerable<T> rows, ImageShape? shape = null) where T : class =>
        ml.Data.LoadFromEnumerable(rows, Definition<T>(shape));

    /// <summary>The schema of a row class, with the dimensions [C, H, W] for its Features.</summary>
    public static SchemaDefinition Definition<T>(ImageShape? shape = null)
    {
        var image = shape ?? Shape;
        var schema = SchemaDefinition.Create(typeof(T));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, image.Channels, image.Height, image.Width);
        return schema;
    }

    /// <summary>A model trained on <see cref="Keyed"/>.</summary>
    public static CnnTransformer Trained(MLContext ml, CnnTrainerOptions? options = null) =>
        new CnnTrainer(ml, options ?? Options).Fit(Keyed(ml));

    /// <summary>Path of a file of tests/recorded that the project copies to its output.</summary>
    public static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "recorded", name);

    public static float[][] Scores(IDataView scored, string column = "Score") => [.. scored.GetColumn<float[]>(column)];

    public static float[] FlatScores(IDataView scored, string column = "Score") => [.. Scores(scored, column).SelectMany(row => row)];

    private static ImageRow Row(int label, int classes, ImageShape shape, Random random)
    {
        var pixels = new float[shape.Size];
        for (int i = 0; i < pixels.Length; i++)
        {
            int y = i / shape.Width % shape.Height;
            pixels[i] = (y * classes / shape.Height == label ? 1f : 0f) + 0.25f * random.NextSingle();
        }

        return new ImageRow { Features = pixels, Label = "c" + label };
    }
}
