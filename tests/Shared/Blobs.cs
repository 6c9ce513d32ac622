using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>An image and a key for each of its pixels: 1 for the ground, 2 for dark things, 3 for bright ones; 0 where there is no label.</summary>
internal sealed class Blobs
{
    public const int Height = 8, Width = 6;

    public static readonly string[] Names = ["ground", "dark", "bright"];

    public float[] Features { get; set; } = [];

    public uint[] Label { get; set; } = [];

    /// <summary>Rectangles of -1 and 1 on a ground of 0, with some noise.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">Of place, size and noise.</param>
    /// <param name="unlabelled">Share of the pixels without a label.</param>
    public static List<Blobs> Rows(int rows = 40, int seed = 1, double unlabelled = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var labels = new uint[Height * Width];
            Array.Fill(labels, 1u);
            foreach (uint key in new uint[] { 2, 3 })
            {
                int top = random.Next(Height - 3), left = random.Next(Width - 2), bottom = top + random.Next(2, 4), right = left + random.Next(2, 3);
                for (int y = top; y < bottom; y++) for (int x = left; x < right; x++) labels[y * Width + x] = key;
            }

            float[] pixels = [.. labels.Select(label => (label == 2 ? -1 : label == 3 ? 1 : 0) + 0.3f * (random.NextSingle() - 0.5f))];
            return new Blobs { Features = pixels, Label = [.. labels.Select(label => random.NextDouble() < unlabelled ? 0 : label)] };
        })];
    }

    /// <summary>With the dimensions [1, H, W] and [H, W], and names for the keys.</summary>
    public static IDataView View(MLContext ml, IEnumerable<Blobs> rows, string[]? names = null, params int[] dimensions)
    {
        names ??= Names;
        var schema = Definition();
        schema["Label"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), names.Length), dimensions.Length == 0 ? [Height, Width] : dimensions);
        schema["Label"].AddAnnotation("KeyValues", names, new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return ml.Data.LoadFromEnumerable(rows.ToList(), schema);
    }

    public static IDataView View(MLContext ml, int rows = 40, int seed = 1, double unlabelled = 0) => View(ml, Rows(rows, seed, unlabelled));

    public static SchemaDefinition Definition()
    {
        var schema = SchemaDefinition.Create(typeof(Blobs));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Height, Width);
        schema["Label"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), Names.Length), Height, Width);
        return schema;
    }

    /// <summary>Learns <see cref="View(MLContext, int, int, double)"/> in a moment.</summary>
    public static CnnTrainerOptions Options { get; } = Some.Options with
    {
        Head = Head.PerPixel(),
        Architecture = CnnArchitecture.UNet(4, 1),
        Epochs = 12,
        BatchSize = 8,
        Optimizer = Optimizer.Adam(0.02),
    };
}

/// <summary>What a PredictionEngine gives back.</summary>
internal sealed class BlobsPrediction
{
    public uint[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];
}
