using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Heads;

/// <summary>An image and numbers that can be seen in it.</summary>
internal sealed class Brightness
{
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public float[] Both { get; set; } = [];

    public double Wide { get; set; }

    /// <summary>Grey images with some noise; the label is scale * grey + shift. Both: the label and minus the grey of the upper half.</summary>
    public static List<Brightness> Rows(int rows = 120, float scale = 1, float shift = 0, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var (upper, lower) = (random.NextSingle(), random.NextSingle());
            float label = scale * (upper + lower) / 2 + shift;
            return new Brightness
            {
                Features = [.. Enumerable.Range(0, 64).Select(i => (i < 32 ? upper : lower) + 0.05f * (random.NextSingle() - 0.5f))],
                Label = label,
                Both = [label, -upper],
                Wide = label,
            };
        })];
    }

    public static IDataView View(MLContext ml, IEnumerable<Brightness> rows)
    {
        var definition = Some.Definition<Brightness>();
        definition["Both"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return ml.Data.LoadFromEnumerable(rows.ToList(), definition);
    }
}

/// <summary>What a PredictionEngine gives back.</summary>
internal sealed class BrightnessPrediction
{
    public float Score { get; set; }
}

/// <summary>The same for several outputs.</summary>
internal sealed class BothPrediction
{
    public float[] Score { get; set; } = [];
}
