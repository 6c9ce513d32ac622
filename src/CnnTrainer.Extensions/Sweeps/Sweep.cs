using System.Diagnostics;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using CnnMlNet.Splits;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.DataOperationsCatalog;

namespace CnnMlNet.Sweeps;

/// <summary>Tries candidates on the same folds of rows that are in memory once, and trains the best on all rows.</summary>
internal sealed class Sweep
{
    private readonly IHostEnvironment _environment;
    private readonly SweepTask _task;
    private readonly SweepOptions _options;
    private readonly SweepMetric _metric;
    private readonly int _seed;

    public Sweep(IHostEnvironment environment, SweepTask task, SweepOptions? options)
    {
        (_environment, _task, _options) = (environment, task, options ?? new SweepOptions());
        Throw([.. _options.Errors(task.Metrics)], "options");
        _metric = _options.Metric ?? task.Metrics[0];
        _seed = _options.Seed ?? MlNetInternals.SettingsOf(environment).Seed ?? Random.Shared.Next();
    }

    public SweepResult Run(IDataView data, Func<Random, CnnTrainerOptions> draw, int count)
    {
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var random = new Random(_seed);
        return Run(data, [.. Enumerable.Range(0, count).Select(_ => draw(random))]);
    }

    public SweepResult Run(IDataView data, IReadOnlyList<CnnTrainerOptions> options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        var candidates = Prepare(options, data.Schema);
        using var channel = _environment.Register(nameof(Sweep)).Start("Sweep");
        using var cache = Cache(data, candidates);
        var rows = cache ?? data;
        var folds = Divide(rows, candidates.First.LabelColumnName);
        var rounds = new List<List<SweepRun>>();
        int[] left = [.. Enumerable.Range(0, candidates.Count)];
        for (int round = 0; round < candidates.Rounds; round++)
        {
            var runs = left.Select(index => Try(candidates, index, round, folds, channel)).ToList();
            if (runs.TrueForAll(run => run.Problem is not null)) throw new InvalidOperationException($"All {runs.Count} candidates of round {round} failed. candidates[{left[0]}]: {runs[0].Problem}");
            runs = [.. runs.OrderBy(run => run.Problem is not null).ThenByDescending(run => SweepTask.Merit(_metric, run.Mean))];
            rounds.Add(runs);
            left = [.. runs.Where(run => run.Problem is null).Take(candidates.Kept(runs.Count)).Select(run => run.Candidate).Order()];
        }

        var best = rounds[^1][0];
        channel.Info(MessageSensitivity.None, $"The best is candidate {best.Candidate} ({best.Differences}); it is trained on all rows.");
        return new SweepResult { Metric = _metric, Seed = _seed, Runs = [.. Enumerable.Reverse(rounds).SelectMany(runs => runs)], Model = Train(best.Options, rows) };
    }

    private Candidates Prepare(IReadOnlyList<CnnTrainerOptions> options, DataViewSchema schema)
    {
        Throw(options.Count > 0 ? [] : ["There are no candidates: give at least one CnnTrainerOptions."], "candidates");
        Throw([.. options.Index().Where(pair => pair.Item is null).Select(pair => $"candidates[{pair.Index}] is null.")], "candidates");
        var candidates = new Candidates([.. options.Select(candidate => _task.WithHead(candidate) with
        {
            Seed = candidate.Seed ?? _seed,
            CancellationToken = candidate.CancellationToken.CanBeCanceled ? candidate.CancellationToken : _options.CancellationToken,
        })], _options.HalvingFactor);
        Throw([.. candidates.Errors()], "candidates");
        Throw([.. candidates.Errors(schema)], "candidates");
        return candidates;
    }

    /// <summary>The rows in memory; null where their images are there already, or candidates make different ones of them.</summary>
    private ImageCache? Cache(IDataView data, Candidates candidates)
    {
        var first = candidates.First;
        var feature = Columns.Any(data.Schema, "feature", first.FeatureColumnName);
        if (CachedImages.Of(feature) is not null || (feature.Type is ImageDataViewType && !candidates.SeeTheSame)) return null;
        string[] others = [first.LabelColumnName, .. candidates.ExampleWeights, PixelColumn.Paths];
        return new ImageCache(_environment, data, first, others);
    }

    private IReadOnlyList<TrainTestData> Divide(IDataView data, string labelColumnName)
    {
        var (rows, random) = (new Stratification(data, _task.HasClasses ? labelColumnName : null), new Random(_seed));
        return _options.TestFraction is { } share ? [rows.Split(share, random)] : rows.Folds(_options.Folds, random);
    }

    private SweepRun Try(Candidates candidates, int index, int round, IReadOnlyList<TrainTestData> folds, IChannel channel)
    {
        var options = candidates.In(round, index);
        var (began, metrics, problem) = (Stopwatch.GetTimestamp(), new List<double>(), (string?)null);
        try
        {
            foreach (var fold in folds)
            {
                using var model = Train(options, fold.TrainSet);
                metrics.Add(_task.Evaluate(model.Transform(fold.TestSet), options, _metric));
            }
        }
        catch (Exception e) when (NotFinite.In(e) is { } cause)
        {
            problem = cause.Message;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new InvalidOperationException($"candidates[{index}] ({candidates.Differences(index)}) cannot be tried: {e.Message}", e);
        }

        var run = new SweepRun
        {
            Candidate = index,
            Options = options,
            Differences = candidates.Differences(index),
            Round = round,
            Folds = metrics,
            Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
            Problem = problem,
        };
        channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Candidate {index}, {options.Epochs} epochs: {_metric} {run.Mean:F4}. {run.Differences} {problem}"));
        _options.OnRunEnd?.Invoke(run);
        return run;
    }

    private CnnTransformer Train(CnnTrainerOptions options, IDataView rows)
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        var model = new CnnTrainer(_environment, options).Fit(rows);
        if (model.Model.History.StopReason != StopReason.Cancelled) return model;
        model.Dispose();
        throw new OperationCanceledException("The sweep was cancelled.", _options.CancellationToken);
    }

    private static void Throw(IReadOnlyList<string> errors, string parameter)
    {
        if (errors.Count > 0) throw new ArgumentException("The sweep cannot begin:" + string.Concat(errors.Select(error => Environment.NewLine + "- " + error)), parameter);
    }
}
