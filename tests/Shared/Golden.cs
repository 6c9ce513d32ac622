using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>What the models of tests/recorded were trained on and what they score, in every version.</summary>
internal static class Golden
{
    private static readonly ImageShape Photo = new(3, 12, 10);

    private sealed class BytePhoto
    {
        public byte[] Photo { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Gauge
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }

    private sealed class Sign
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    /// <summary>Every kind of layer and setting: names, a residual block with and without shortcut, sequences, pairs, groups, dilation, padding modes.</summary>
    public static CnnTrainerOptions PhotoOptions { get; } = Some.Options with
    {
        FeatureColumnName = "Photo",
        ScoreColumnName = "Chances",
        PredictedLabelColumnName = "Guess",
        Interleaved = true,
        PixelScaling = PixelScaling.Standard(),
        ValidationFraction = 0.25,
        Optimizer = Optimizer.Sgd(0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-4),
        Architecture = new CnnArchitecture(
            Layer.Conv(6, kernel: (3, 5), padding: Padding.Same, bias: false).Named("stem"), Layer.BatchNorm(), Layer.Relu(),
            Layer.Residual([Layer.Conv(6, kernel: 3, padding: 2, dilation: 2, groups: 3, paddingMode: PaddingMode.Reflect), Layer.Tanh()]).Named("first"),
            Layer.Residual(
                [Layer.Conv(8, kernel: 3, stride: 2, padding: (1, 1), paddingMode: PaddingMode.Circular).Named("down"), Layer.BatchNorm()],
                shortcut: [Layer.AvgPool(2), Layer.Conv(8, kernel: 1)]).Named("second"),
            Layer.Sequence(Layer.Conv(8, kernel: 2, paddingMode: PaddingMode.Replicate, padding: (1, 0)), Layer.MaxPool((2, 3), stride: (2, 1), padding: (0, 1))),
            Layer.Sequence(Layer.Flatten(), Layer.Dropout(0.25), Layer.Linear(6), Layer.BatchNorm(), Layer.Sigmoid(), Layer.Output()).Named("top")),
    };

    public static CnnTrainerOptions GaugeOptions { get; } = Some.Options with { Head = Head.Regression(), Loss = Loss.Huber(0.75), ScoreColumnName = "Reading" };

    public static CnnTrainerOptions SignOptions { get; } = Some.Options with { Head = Head.Binary(), ProbabilityColumnName = "Sure" };

    /// <summary>The layers that only a class for every pixel needs.</summary>
    public static CnnTrainerOptions MapOptions { get; } = Blobs.Options with
    {
        Epochs = 3,
        Loss = Loss.CrossEntropy(0.05, ClassWeights.Balanced()),
        TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal(),
        Architecture = new CnnArchitecture(
            Layer.Conv(4, kernel: 3, padding: 1), Layer.Relu(),
            Layer.Concat([Layer.MaxPool(2), Layer.Conv(6, kernel: 3, padding: 1), Layer.ConvTransposed(3, kernel: (2, 3), stride: 2, padding: (0, 1), outputPadding: (0, 1), bias: false)]).Named("skip"),
            Layer.Concat([Layer.AvgPool(2), Layer.Upsample(2, bilinear: true)], shortcut: [Layer.Conv(2, kernel: 1)]),
            Layer.MaxPool(2), Layer.Upsample(2), Layer.BatchNorm(), Layer.Output().Named("classes")),
    };

    /// <summary>Images with a key for every pixel, some of them without.</summary>
    public static IDataView Maps(MLContext ml) => Blobs.View(ml, rows: 20, unlabelled: 0.1);

    /// <summary>Images [C, H, W] with two numbers to learn, of different scales.</summary>
    public static IDataView Gauges(MLContext ml)
    {
        var definition = Some.Definition<Gauge>();
        definition["Label"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var rows = Some.Rows(30, classes: 4).Select(row => new Gauge { Features = row.Features, Label = [1000 * (row.Label[1] - '0'), row.Features[0] - 4] });
        return ml.Data.LoadFromEnumerable(rows.ToList(), definition);
    }

    /// <summary>Bytes [H, W, C] with labels that are numbers; a dark half shows the class.</summary>
    public static IDataView Photos(MLContext ml)
    {
        var definition = SchemaDefinition.Create(typeof(BytePhoto));
        definition["Photo"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, Photo.Height, Photo.Width, Photo.Channels);
        var rows = Enumerable.Range(0, 40).Select(row => new BytePhoto
        {
            Label = row % 4 - 1.5f,
            Photo = [.. Enumerable.Range(0, (int)Photo.Size).Select(i => (byte)((i * 7 + row * 13 + i * i % 31) % 101 + (i % Photo.Channels == row % 4 ? 150 : 0)))],
        });
        return Some.WithKeys(ml, ml.Data.LoadFromEnumerable(rows, definition));
    }

    /// <summary>Singles [C, H, W] with labels that are true or false.</summary>
    public static IDataView Signs(MLContext ml) =>
        Some.View(ml, Some.Rows(30, classes: 2).Select(row => new Sign { Features = row.Features, Label = row.Label == "c1" }).ToList());

    /// <summary>The numbers of every row, whatever the head calls them.</summary>
    public static float[] Scores(IDataView scored) => scored.Schema.GetColumnOrNull("Sure") is not null
        ? [.. scored.GetColumn<float>("Score"), .. scored.GetColumn<float>("Sure")]
        : Some.FlatScores(scored, new[] { "Chances", "Reading" }.FirstOrDefault(name => scored.Schema.GetColumnOrNull(name) is not null) ?? "Score");
}
