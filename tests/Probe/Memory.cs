using System.Globalization;
using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML.Data;

/// <summary>How much memory it takes to train on images.</summary>
internal static class Memory
{
    private const int Pixels = 28 * 28;

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
