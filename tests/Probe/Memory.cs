using System.Globalization;
using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

/// <summary>How much memory it takes to train on images.</summary>
internal static class Memory
{
    private const int Pixels = 28 * 28;
    private const int Side = 224;

    /// <summary>Trains on that many rows, which exist one at a time.</summary>
    /// <returns>The process's peak over what it had before, in bytes, for each byte of the images.</returns>
    public static double OfFit(int rows)
    {
        Fit(100);   // what LibTorch and the runtime need anyway
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");   // the peak begins anew
        long before = Status("VmRSS");
        Fit(rows);
        return (Status("VmHWM") - before) / ((double)rows * Pixels * sizeof(float));
    }

    /// <summary>Trains on a folder of as many image files, with and without a limit for what they become: 3 x 224 x 224 bytes each.</summary>
    /// <returns>Most bytes of the process's own memory, over what it had before; what files are mapped to does not count, since the system takes it back as it needs.</returns>
    public static (long Limited, long Whole) OfFolder(int files, long limit)
    {
        using var folder = new TempFolder();
        for (int i = 0; i < files; i++) SaveImage(folder.File($"{i % 2}/{i}.png"), i);
        FitFolder(folder.Path, limit);   // what LibTorch and the runtime need anyway
        return (Peak(() => FitFolder(folder.Path, limit)), Peak(() => FitFolder(folder.Path, null)));
    }

    private static void SaveImage(string path, int number)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = new byte[8 * 8 * 4];
        new Random(number).NextBytes(pixels);
        using var image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }

    private static void FitFolder(string folder, long? limit)
    {
        var ml = Some.Context();
        var options = Some.Options with
        {
            FeatureColumnName = "Image",
            ImageShape = new ImageShape(3, Side, Side),
            ImageMemory = limit,
            Architecture = new CnnArchitecture(Layer.AvgPool(Side), Layer.Flatten(), Layer.Output()),
            Epochs = 2,
            BatchSize = 8,
        };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", imageFolder: "", inputColumnName: "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(options))
            .Fit(ml.Data.LoadImageFolder(folder));
    }

    private static long Peak(Action action)
    {
        GC.Collect();
        long before = Status("RssAnon"), peak = before;
        using var ended = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            do peak = Math.Max(peak, Status("RssAnon"));
            while (!ended.Wait(2));
        });
        watch.Start();
        action();
        ended.Set();
        watch.Join();
        return peak - before;
    }

    private static void Fit(int rows)
    {
        var ml = Some.Context();
        var data = ml.Data.LoadFromEnumerable(Rows(rows));
        var architecture = new CnnArchitecture(Layer.MaxPool(14), Layer.Flatten(), Layer.Output());
        new CnnTrainer(ml, Some.Options with { Architecture = architecture, Epochs = 1, BatchSize = 64 }).Fit(data).Dispose();
    }

    private static IEnumerable<Row> Rows(int rows)
    {
        var row = new Row();
        for (int i = 0; i < rows; i++)
        {
            row.Label = (uint)(i % 3);
            row.Features[i % Pixels] = i % 3;
            yield return row;
        }
    }

    private static long Status(string name) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private sealed class Row
    {
        [VectorType(1, 28, 28)]
        public float[] Features { get; set; } = new float[Pixels];

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
