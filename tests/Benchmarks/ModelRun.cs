using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Benchmarks;

/// <summary>Measures one network in this process, and prints a line: <c>NAME train N img/s infer N img/s one N ms</c>.</summary>
/// <remarks>train: the median epoch of Fit but the first, from an ML.NET view of vectors of Single, shuffling and history included. infer: Transform of
/// 10,000 rows, read through a cursor. one: the median Predict of a PredictionEngine.</remarks>
internal static class ModelRun
{
    private const int Epochs = 8, ScoredRows = 10_000, WarmRows = 1000;
    private static readonly TimeSpan s_oneByOne = TimeSpan.FromSeconds(1);

    public static void Print(BenchmarkModel model, Precision precision, int threads, ComputeDevice device)
    {
        var ml = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, model.Shape.Channels, model.Shape.Height, model.Shape.Width);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), 10);
        var view = ml.Data.LoadFromEnumerable(Rows(model.Shape, Math.Max(model.Rows, ScoredRows)), schema);
        var options = new CnnTrainerOptions { Architecture = model.Architecture, Epochs = Epochs, BatchSize = model.BatchSize, Precision = precision, Threads = threads, Device = device };

        using var trained = ml.MulticlassClassification.Trainers.Cnn(options).Fit(ml.Data.TakeRows(view, model.Rows));
        double train = Comparison.Median([.. trained.Model.History.Epochs.Skip(1).Select(epoch => epoch.ImagesPerSecond)]);
        Data.Read(trained.Transform(ml.Data.TakeRows(view, WarmRows)), "Score");
        double infer = Data.Rate(ScoredRows, () => Data.Read(trained.Transform(ml.Data.TakeRows(view, ScoredRows)), "Score"));
        double one = OneByOne(ml.Model.CreatePredictionEngine<Row, Scored>(trained, inputSchemaDefinition: schema), Rows(model.Shape, 10));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Name} train {train:F0} img/s infer {infer:F0} img/s one {one:F3} ms"));
    }

    private static double OneByOne(PredictionEngine<Row, Scored> engine, Row[] rows)
    {
        var times = new List<double>();
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < 2 * s_oneByOne;)
        {
            long call = Stopwatch.GetTimestamp();
            engine.Predict(rows[times.Count % rows.Length]);
            times.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
        }

        return Comparison.Median([.. times.Skip(times.Count / 2)]);
    }

    private static Row[] Rows(ImageShape shape, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(row => new Row { Features = [.. Enumerable.Range(0, (int)shape.Size).Select(_ => 2 * random.NextSingle() - 1)], Label = (uint)(row % 10) })];
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }   // a key counts from 0 here
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
