using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Benchmarks;

/// <summary>A row of noise: an image of any shape, and one of ten classes.</summary>
internal sealed class Vector
{
    public const int Classes = 10;

    public float[] Features { get; set; } = [];

    public uint Label { get; set; }   // a key counts from 0 here

    public static SchemaDefinition Schema(ImageShape shape)
    {
        var schema = SchemaDefinition.Create(typeof(Vector));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Channels, shape.Height, shape.Width);
        schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        return schema;
    }

    public static Vector[] Rows(ImageShape shape, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(row => new Vector { Features = Noise(random, shape.Size), Label = (uint)(row % Classes) })];
    }

    public static IDataView View(MLContext ml, ImageShape shape, int rows) => ml.Data.LoadFromEnumerable(Rows(shape, rows), Schema(shape));

    /// <summary>Many rows that take no memory: some few images again and again.</summary>
    public static IDataView Endless(MLContext ml, ImageShape shape, int rows)
    {
        var some = Rows(shape, 1000);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row => some[row % some.Length]), Schema(shape));
    }

    private static float[] Noise(Random random, long size)
    {
        var pixels = new float[size];
        foreach (ref float pixel in pixels.AsSpan()) pixel = 2 * random.NextSingle() - 1;
        return pixels;
    }
}

/// <summary>What scoring gives.</summary>
internal sealed class VectorScores
{
    public float[] Score { get; set; } = [];
}
