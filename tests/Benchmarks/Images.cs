using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Benchmarks;

/// <summary>Photographs of class folders, read by a Fit.</summary>
/// <param name="folder">The folder.</param>
/// <param name="side">Height and width that they get.</param>
internal sealed class Images(string folder, int side)
{
    private const int LargeSide = 224;

    // That of examples/SignLanguage.
    private static readonly CnnArchitecture s_network = new(
        Conv(32, stride: 2), Conv(32), Layer.MaxPool(2),
        Conv(64), Layer.Residual([Conv(64), Conv(64)]), Layer.MaxPool(2),
        Conv(128), Layer.Residual([Conv(128), Conv(128)]), Layer.GlobalMaxPool(), Layer.Flatten(), Layer.Output());

    // Does next to nothing: its epoch is what loading costs at most.
    private CnnArchitecture Nothing => new(Layer.AvgPool(side), Layer.Flatten(), Layer.Output());

    /// <summary>Small photographs, large ones made of them, and the cost of loading in later epochs.</summary>
    /// <param name="folder">Class folders of photographs.</param>
    public static int Compare(string folder)
    {
        var large = Directory.CreateTempSubdirectory("cnnmlnet-");
        try
        {
            int result = Compare(folder, 64, "photographs as they are");
            if (result == 0) result = Compare(large.FullName, LargeSide, "photographs of 800 x 600", folder);
            if (result == 0) new Images(folder, 64).PrintLaterEpochs();
            return result;
        }
        finally
        {
            large.Delete(recursive: true);
        }
    }

    private static int Compare(string folder, int side, string what, params string[] madeOf) => Comparison.Run(
        FormattableString.Invariant($"decoding and resizing {what} to 3 x {side} x {side}"), "images", "peer_images.py", new Images(folder, side).ImagesPerSecond,
        [folder, side.ToString(CultureInfo.InvariantCulture), .. madeOf]);

    /// <summary>
    /// What a user's Fit does before it trains: lists the folder, finds the labels' keys, and reads the rows until the log says that their images are
    /// stored. The training of a network that does nothing follows, behind the clock.
    /// </summary>
    private double ImagesPerSecond()
    {
        GC.Collect();   // not the last run's garbage
        var ml = new MLContext(1);
        var (clock, seconds) = (Stopwatch.StartNew(), 0.0);
        ml.Log += (_, e) =>
        {
            if (e.Message.Contains("Training: ", StringComparison.Ordinal)) seconds = clock.Elapsed.TotalSeconds;
        };
        var photographs = ml.Data.LoadImageFolder(folder);
        Pipeline(ml, Options(Nothing, epochs: 1)).Fit(photographs).Dispose();
        return photographs.Count / seconds;
    }

    private void PrintLaterEpochs()
    {
        double[] shares = [.. Enumerable.Range(0, 3).Select(_ => LaterEpoch(Nothing) / LaterEpoch(s_network))];
        Console.WriteLine($"loading in later epochs, which open no file: at most {Comparison.Median(shares).ToString("P1", CultureInfo.InvariantCulture)} of an epoch of examples/SignLanguage's " +
            "network (median of 3). That is the time of such an epoch of a network that does nothing; batches are in fact made while the network computes.");
    }

    /// <summary>Seconds of an epoch behind the first.</summary>
    private double LaterEpoch(CnnArchitecture architecture)
    {
        var ml = new MLContext(1);
        using var model = Pipeline(ml, Options(architecture, epochs: 4)).Fit(ml.Data.LoadImageFolder(folder));
        return Comparison.Median([.. ((CnnTransformer)model.LastTransformer).Model.History.Epochs.Skip(1).Select(epoch => epoch.Seconds)]);
    }

    private static EstimatorChain<CnnTransformer> Pipeline(MLContext ml, CnnTrainerOptions options) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadImages("Image", imageFolder: "", inputColumnName: "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.Cnn(options));

    private static Layer Conv(int channels, int stride = 1) =>
        Layer.Sequence(Layer.Conv(channels, kernel: 3, stride, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu());

    private CnnTrainerOptions Options(CnnArchitecture architecture, int epochs) => new()
    {
        FeatureColumnName = "Image", ImageShape = new ImageShape(3, side, side), Architecture = architecture, Epochs = epochs, BatchSize = 64, Threads = Environment.ProcessorCount,
    };
}
