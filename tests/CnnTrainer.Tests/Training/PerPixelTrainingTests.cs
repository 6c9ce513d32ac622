using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training;

/// <summary>How a network with a class for every pixel is trained: what every head's training does.</summary>
[TestClass]
public sealed class PerPixelTrainingTests
{
    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Trainings =>
    [
        ["plain", Blobs.Options],
        ["augmented, focal, weights", Blobs.Options with { Loss = Loss.Focal(2, ClassWeights.Balanced()), Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Rotate(20)) }],
        ["early stopping on the accuracy", Blobs.Options with { ValidationFraction = 0.25, EarlyStopping = EarlyStopping.OnAccuracy(3) }],
    ];

    [TestMethod]
    [DynamicData(nameof(Trainings))]
    public void Fit_Twice_GivesTheSameBitsAndLeavesNoTensor(string name, CnnTrainerOptions options)
    {
        options = options with { Epochs = 3 };
        var data = Blobs.View(_ml, unlabelled: 0.2);
        using var first = new CnnTrainer(_ml, options).Fit(data);
        long miscounted = LeakTests.Miscounted(options.Architecture, Blobs.Names.Length, perPixel: true), before = Tensor.TotalCount;
        using (var second = new CnnTrainer(_ml, options).Fit(data))
        {
            CollectionAssert.AreEqual(Weights.Of(first), Weights.Of(second), name);
            CollectionAssert.AreEqual(Some.FlatScores(first.Transform(data)), Some.FlatScores(second.Transform(data)), name);
        }

        Assert.AreEqual(before + miscounted, Tensor.TotalCount, name);
    }

    [TestMethod]
    [DynamicData(nameof(Trainings))]
    public void Resume_InTheMiddleOfAnEpoch_GivesTheBitsAndMetricsOfOneNeverStopped(string name, CnnTrainerOptions options)
    {
        using var folder = new TempFolder();
        options = options with { Epochs = 3 };
        var data = Blobs.View(_ml, unlabelled: 0.2);
        using var uninterrupted = new CnnTrainer(_ml, options).Fit(data);
        using var source = new CancellationTokenSource();
        var checkpoints = options with { Checkpoints = Checkpoints.In(folder.File("run")) };
        new CnnTrainer(_ml, checkpoints with
        {
            CancellationToken = source.Token,
            OnBatchEnd = report =>
            {
                if (report is { Epoch: 2, Batch: 2 }) source.Cancel();
            },
        }).Fit(data).Dispose();
        using var resumed = new CnnTrainer(_ml, checkpoints).Fit(data);
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed), name);
        Assert.AreEqual(uninterrupted.Model.History, resumed.Model.History, name);
    }

    [TestMethod]
    public void History_OfValidation_IsOverAllItsPixels()
    {
        var (data, validation) = (Blobs.View(_ml), Blobs.Rows(20, seed: 3, unlabelled: 0.3));
        using var model = new CnnTrainer(_ml, Blobs.Options).Fit(data, Blobs.View(_ml, validation));
        var last = model.Model.History.Epochs[^1];
        CollectionAssert.AreEqual(new[] { "accuracy", "mean IoU" }, last.Metrics.Select(metric => metric.Key).ToArray());
        var predicted = model.Transform(Blobs.View(_ml, validation)).GetColumn<uint[]>("PredictedLabel").SelectMany(map => map);
        var pixels = validation.SelectMany(row => row.Label).Zip(predicted, (truth, said) => (truth, said)).Where(pixel => pixel.truth > 0).ToList();
        Assert.AreEqual(pixels.Average(pixel => pixel.truth == pixel.said ? 1.0 : 0), last.ValidationMetrics!.Find("accuracy")!.Value, 1e-12);
        double iou = Enumerable.Range(1, 3).Average(key => (double)pixels.Count(pixel => pixel.truth == key && pixel.said == key) / pixels.Count(pixel => pixel.truth == key || pixel.said == key));
        Assert.AreEqual(iou, last.ValidationMetrics!.Find("mean IoU")!.Value, 1e-12);
        Assert.IsGreaterThan(0.8, iou);
    }

    [TestMethod]
    public void Fit_PixelsWithoutLabel_LearnsFromTheOthersAlone()
    {
        using var model = new CnnTrainer(_ml, Blobs.Options with { Epochs = 25 }).Fit(Blobs.View(_ml, Blobs.Rows(40, unlabelled: 0.7)));
        Assert.IsGreaterThan(0.9, Accuracy(model, Blobs.Rows(20, seed: 9)));
    }

    [TestMethod]
    public void Fit_RowsOfNoWeight_CountNothing()
    {
        var spoilt = Blobs.Rows(40).Select((row, i) => new Weighed { Features = row.Features, Label = i % 2 == 0 ? row.Label : [.. row.Label.Select(key => key % 3 + 1)], Weight = i % 2 == 0 ? 1 : 0 }).ToList();
        var definition = SchemaDefinitionOf();
        using var model = new CnnTrainer(_ml, Blobs.Options with { ExampleWeightColumnName = "Weight" }).Fit(_ml.Data.LoadFromEnumerable(spoilt, definition));
        Assert.IsGreaterThan(0.9, Accuracy(model, Blobs.Rows(20, seed: 9)));
    }

    [TestMethod]
    public void StartFrom_ATrainedNetwork_TakesItsLayersToAnotherSizeAndAnotherTask()
    {
        using var small = new CnnTrainer(_ml, Blobs.Options with { Epochs = 6 }).Fit(Blobs.View(_ml));
        using var goesOn = new CnnTrainer(_ml, Blobs.Options with { Epochs = 1, StartFrom = StartFrom.Model(small.Model), Frozen = ["encode"] }).Fit(Blobs.View(_ml));
        CollectionAssert.AreEqual(Weights.Of(small, "encode.0.0.weight"), Weights.Of(goesOn, "encode.0.0.weight"));
        CollectionAssert.AreNotEqual(Weights.Of(small, "decode.0.0.weight"), Weights.Of(goesOn, "decode.0.0.weight"));
        Assert.IsEmpty(goesOn.Model.History.Transfer!.Fresh);

        var (encoder, output) = (small.Model.Architecture.Layers[0], Layer.Output());
        using var classifier = Some.Trained(_ml, Some.Options with
        {
            Epochs = 1, Architecture = new(encoder, Layer.GlobalAvgPool(), Layer.Flatten(), output), StartFrom = StartFrom.MatchingWeights(small.Model),
        });
        CollectionAssert.IsSubsetOf(new[] { "encode.0.0.weight", "encode.1.1.bias" }, classifier.Model.History.Transfer!.Taken.ToArray());
        CollectionAssert.Contains(classifier.Model.History.Transfer!.Fresh.ToArray(), "3.weight");
    }

    [TestMethod]
    [DataRow(Precision.BFloat16)]
    [DataRow(Precision.Full)]
    public void Fit_EitherPrecision_Learns(Precision precision)
    {
        using var model = new CnnTrainer(_ml, Blobs.Options with { Precision = precision, Architecture = CnnArchitecture.UNet(4, 1) }).Fit(Blobs.View(_ml));
        Assert.IsGreaterThan(0.9, Accuracy(model, Blobs.Rows(20, seed: 9)));
    }

    [TestMethod]
    public void Score_FlippedViews_AreTurnedBackBeforeTheirMean()
    {
        using var plain = new CnnTrainer(_ml, Blobs.Options with { Epochs = 2 }).Fit(Blobs.View(_ml));
        using var both = plain.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal());
        var rows = Blobs.Rows(5, seed: 2);
        var mirrored = rows.Select(row => new Blobs { Features = Mirrored(row.Features), Label = row.Label }).ToList();
        var (straight, turned) = (Some.FlatScores(plain.Transform(Blobs.View(_ml, rows))), Mirrored(Some.FlatScores(plain.Transform(Blobs.View(_ml, mirrored)))));
        var mean = Some.FlatScores(both.Transform(Blobs.View(_ml, rows)));
        for (int i = 0; i < mean.Length; i++) Assert.AreEqual((straight[i] + turned[i]) / 2, mean[i], 1e-6);
        CollectionAssert.AreNotEqual(straight, mean);
    }

    private double Accuracy(CnnTransformer model, List<Blobs> rows) => model.Transform(Blobs.View(_ml, rows)).GetColumn<uint[]>("PredictedLabel").SelectMany(map => map)
        .Zip(rows.SelectMany(row => row.Label)).Average(pair => pair.First == pair.Second ? 1.0 : 0);

    private static float[] Mirrored(float[] maps) => [.. maps.Chunk(Blobs.Width).SelectMany(row => row.Reverse())];

    private static SchemaDefinition SchemaDefinitionOf()
    {
        var definition = SchemaDefinition.Create(typeof(Weighed));
        foreach (var column in Blobs.Definition()) definition[column.ColumnName].ColumnType = column.ColumnType;
        return definition;
    }

    private sealed class Weighed
    {
        public float[] Features { get; set; } = [];

        public uint[] Label { get; set; } = [];

        public float Weight { get; set; }
    }
}
