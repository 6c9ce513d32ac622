using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Measures one network in this process, and prints a line: <c>NAME train N img/s infer N img/s one N ms</c>.</summary>
/// <remarks>train: the median epoch of Fit but the first, from an ML.NET view of vectors of Single, shuffling and history included. infer: Transform of
/// some rows, read through a cursor, the median pass but the first. one: the median Predict of a PredictionEngine.</remarks>
internal static class ModelRun
{
    private const int Passes = 6, LargePasses = 2;   // the first apart; two where 10,000 rows would take too long
    private static readonly TimeSpan s_oneByOne = TimeSpan.FromSeconds(1);

    public static void Print(BenchmarkModel model, Precision precision, int threads, ComputeDevice device, int epochs, int scoredRows)
    {
        var ml = new MLContext(1);
        var schema = Vector.Schema(model.Shape);
        var view = Vector.View(ml, model.Shape, Math.Max(model.Rows, scoredRows));
        var options = new CnnTrainerOptions { Architecture = model.Architecture, Epochs = epochs, BatchSize = model.BatchSize, Precision = precision, ScoringPrecision = precision, Threads = threads, Device = device };

        using var trained = ml.MulticlassClassification.Trainers.Cnn(options).Fit(ml.Data.TakeRows(view, model.Rows));
        double train = Comparison.Median([.. trained.Model.History.Epochs.Skip(1).Select(epoch => epoch.ImagesPerSecond)]);
        double infer = Comparison.Median([.. Enumerable.Range(0, scoredRows < 10_000 ? LargePasses : Passes).Select(_ => Pass()).Skip(1)]);
        double one = OneByOne(ml.Model.CreatePredictionEngine<Vector, VectorScores>(trained, inputSchemaDefinition: schema), Vector.Rows(model.Shape, 10));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Name} train {train:F0} img/s infer {infer:F0} img/s one {one:F3} ms"));

        double Pass() => Data.Rate(scoredRows, () => Data.Read(trained.Transform(ml.Data.TakeRows(view, scoredRows)), "Score"));
    }

    private static double OneByOne(PredictionEngine<Vector, VectorScores> engine, Vector[] rows)
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
}
