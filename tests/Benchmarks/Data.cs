using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Benchmarks;

/// <summary>A 28 x 28 image.</summary>
internal sealed class Picture
{
    [VectorType(1, 28, 28)]
    public float[] Features { get; set; } = [];

    public uint Number { get; set; }
}

/// <summary>Synthetic images in main memory, and the clock.</summary>
internal static class Data
{
    public const int Classes = 10;

    public static Picture[] Pictures(int rows)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(row => new Picture { Features = Pixels(random), Number = (uint)(row % Classes) })];
    }

    public static IDataView View(MLContext ml, int rows)
    {
        var view = ml.Data.LoadFromEnumerable(Pictures(rows));
        return ml.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(view).Transform(view);
    }

    /// <summary>Units per second of an action that does some.</summary>
    public static double Rate(int units, Action action)
    {
        GC.Collect();   // not the last run's garbage
        var clock = Stopwatch.StartNew();
        action();
        return units / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Reads a column of vectors to its end.</summary>
    public static void Read(IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
        VBuffer<float> value = default;
        while (cursor.MoveNext()) getter(ref value);
    }

    private static float[] Pixels(Random random)
    {
        var pixels = new float[28 * 28];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = 2 * random.NextSingle() - 1;
        return pixels;
    }
}
