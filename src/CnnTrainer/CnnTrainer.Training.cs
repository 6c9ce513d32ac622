using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Persistence;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Scoring;
using CnnMlNet.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <content>The stages of Fit that know the network.</content>
public sealed partial class CnnTrainer
{
    /// <summary>All that a training is made of.</summary>
    private sealed record Setting(
        Network Network, BoundHead Head, Seeds Seeds, PixelTransform Transform, TrainingSets Sets, CheckpointFolder? Checkpoints, Cancellation Cancellation, long Began, IChannel Channel);

    private LoopSettings Loop => new(_options.Epochs, _options.GradientClipping, _options.Shuffle, _options.AccumulateBatches, _options.ReportEvery);

    private Loss Loss => _options.Loss ?? _options.Head.DefaultLoss;

    private Feed TrainingFeed(TrainingSets sets, PixelTransform transform, Device device) =>
        new(sets.Training.Images, sets.Training.Targets, transform, _options.BatchSize, device, _options.Augmentation, _options.DropLastBatch, _options.LoadingThreads);

    private Criterion NewCriterion(BoundHead head, TrainingSets sets, Device device) =>
        head.Criterion(Loss, sets.Training.Targets, sets.TrainingRows, device);

    private TrainingHistory Train(Setting run)
    {
        var (network, head, sets) = (run.Network, run.Head, run.Sets);
        using var progress = _host.StartProgressChannel("Training");
        using var display = _options.NewDisplay?.Invoke(text => run.Channel.Warning(MessageSensitivity.None, text));
        using var training = TrainingFeed(sets, run.Transform, network.Device);
        using var validation = sets.ValidationRows.Length == 0 ? null : new Feed(
            sets.Validation.Images, sets.Validation.Targets, run.Transform, Scorer.RowsWithin(Scorer.ValuesPerRow(network.Plan)), network.Device, threads: _options.LoadingThreads);
        using var criterion = NewCriterion(head, sets, network.Device);
        network.TrainsInBFloat16 = ChoosePrecision(run, training, criterion) == Precision.BFloat16;
        int batches = training.BatchesOf(sets.TrainingRows.Length), stepsPerEpoch = (batches - 1) / _options.AccumulateBatches + 1;
        var schedule = _options.Schedule.Start(_options.Optimizer.LearningRate, _options.Epochs, stepsPerEpoch);
        using var state = new TrainingState(network, _options.Optimizer, schedule, run.Seeds, _options.WeightAveraging, _options.EarlyStopping);
        var observers = new LoopObservers(
            display is null ? _options.OnBatchEnd : display.OnBatchEnd + _options.OnBatchEnd, report => OnEpochEnd(report, display, run.Channel, progress),
            Keep(run, state, batches), StopOf(run, state));
        var loop = new TrainingLoop(state, head, criterion, run.Seeds, Loop, observers);
        var (reason, restored) = loop.Run(new LoopData(training, sets.TrainingRows), validation is null ? null : new LoopData(validation, sets.ValidationRows));
        if (state.Rows == 0) run.Cancellation.ThrowIfRequested("Training was cancelled before anything was learned.");
        return Told(run, state, loop, reason, restored);
    }

    /// <summary>How the training went.</summary>
    private TrainingHistory Told(Setting run, TrainingState state, TrainingLoop loop, StopReason reason, int? restored)
    {
        var (network, sets) = (run.Network, run.Sets);
        return new TrainingHistory
        {
            Epochs = state.Reports,
            BatchLosses = state.BatchLosses,
            StopReason = reason,
            BestEpoch = state.Best.Epoch == 0 ? null : state.Best.Epoch,
            RestoredEpoch = restored,
            Seed = run.Seeds.Seed,
            Threads = get_num_threads(),
            Device = network.Device.ToString(),
            Precision = network.TrainsInBFloat16 ? Precision.BFloat16 : Precision.Full,
            BatchSize = _options.BatchSize,
            Optimizer = _options.Optimizer,
            Schedule = _options.Schedule == Schedule.Constant() ? null : _options.Schedule,
            GradientClipping = _options.GradientClipping,
            Loss = Loss,
            Augmentation = _options.Augmentation,
            TrainingRows = sets.TrainingRows.Length,
            ValidationRows = sets.ValidationRows.Length,
            Seconds = state.SecondsBefore + loop.Seconds,
            Options = Texts(sets),
            Versions = RunVersions.All(),
        };
    }

    /// <summary>The precision that is asked for; where it is to be chosen, that of a checkpoint, or the faster one.</summary>
    private Precision ChoosePrecision(Setting run, Feed feed, Criterion criterion)
    {
        if (_options.Precision != Precision.Automatic) return _options.Precision;
        if (run.Checkpoints?.Newest?.Identity.Facts.GetValueOrDefault("precision") is { } before) return before == "bfloat16" ? Precision.BFloat16 : Precision.Full;
        using var work = TorchRuntime.Work();
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)run.Seeds.Seed);
        using var trial = Network.WithFirstWeights(run.Network.Plan, random, run.Network.Device);
        var (choice, reason) = PrecisionChoice.Measure(trial, criterion, feed.Read(run.Sets.TrainingRows).First().Load(), run.Seeds.Seed);
        run.Channel.Info(MessageSensitivity.None, $"Precision: {(choice == Precision.Full ? "float32" : "bfloat16")}, because {reason}.");
        return choice;
    }

    /// <summary>What is done where the state could be saved; puts the state where an earlier run stood.</summary>
    private Action<SafePoint, Func<Progress>>? Keep(Setting run, TrainingState state, int batches)
    {
        if (run.Checkpoints is not { } folder) return null;
        var identity = Identify(run);
        folder.Check(identity);
        if (folder.Newest is { } checkpoint)
        {
            using var work = TorchRuntime.Work();
            checkpoint.Restore(state, batches);
            if ((state.Epoch, state.Batch).CompareTo((_options.Epochs, 0)) > 0)
                throw new InvalidOperationException($"The checkpoint '{checkpoint.Path}' is {state.Epoch} epochs and {state.Batch} batches on, beyond the {_options.Epochs} that Epochs says: " +
                    "say more, give each training a folder of its own, or Checkpoints.In(..., resume: false) to begin anew and replace it.");
            run.Channel.Info(MessageSensitivity.None, $"Goes on from '{checkpoint.Path}': {state.Epoch} epochs and {state.Batch} batches are done.");
        }

        return (point, numbers) => folder.Offer(point, identity, numbers, state);
    }

    /// <summary>What decides the weights: a run can only go on where all of it is the same. Threads and device may differ.</summary>
    private RunIdentity Identify(Setting run)
    {
        var content = new ModelContent(_options.Architecture, run.Sets.Training.Images.Format, run.Transform, run.Head, _options.FeatureColumnName, Outputs, null, []);
        var facts = new Dictionary<string, string>(Texts(run.Sets))
        {
            ["model"] = Convert.ToHexStringLower(SHA256.HashData(StrictJson.Write(Persistence.V2.ModelData.Of(content))))[..16],
            ["precision"] = run.Network.TrainsInBFloat16 ? "bfloat16" : "float32",
            ["optimizer"] = _options.Optimizer.ToString(),
            ["batch size"] = _options.BatchSize.ToString(CultureInfo.InvariantCulture),
            ["training rows"] = run.Sets.Training.Fingerprint(run.Sets.TrainingRows),
            ["validation rows"] = run.Sets.Validation.Fingerprint(run.Sets.ValidationRows),
        };
        if (_options.StartFrom is not null) facts["first weights"] = Safetensors.Fingerprint(run.Network.Weights);
        if (_options.Schedule.NeedsEpochs) facts["epochs"] = _options.Epochs.ToString(CultureInfo.InvariantCulture);
        return new RunIdentity(run.Seeds.Seed, facts);
    }

    /// <summary>The options that change the weights, as text, and what the rows make of them.</summary>
    private IReadOnlyDictionary<string, string> Texts(TrainingSets sets)
    {
        var texts = _options.Texts();
        return WindowOf(sets) is not { } window ? texts : new Dictionary<string, string>(texts) { ["shuffle"] = FormattableString.Invariant($"within {window} rows") };
    }

    /// <summary>What says why to end; the time budget lets a first batch through, of a run that goes on too.</summary>
    private Func<StopReason?> StopOf(Setting run, TrainingState state)
    {
        long rowsBefore = state.Rows;
        return () => run.Cancellation.IsRequested ? StopReason.Cancelled
            : state.Rows > rowsBefore && _options.TimeBudget is { } budget && Stopwatch.GetElapsedTime(run.Began) >= budget ? StopReason.TimeBudget : null;
    }

    /// <summary>Starts from the weights of another model or a file, where the options name one.</summary>
    private TransferReport? TakeWeights(Network network, BoundHead head, PixelFormat format, IChannel channel)
    {
        if (_options.StartFrom is not { } start) return null;
        var report = start.Source is { } model ? TakeWeights(network, model, start.IsStrict, head, format) : WeightFile.Take(start.Path!, network);
        if (report.Taken.Count == 0)
            throw new ArgumentException($"StartFrom: no weight fits. There are {Names(report.Unused)}; the network needs {Names(report.Fresh)}.");
        channel.Info(MessageSensitivity.None, $"Start from {start}: {report}.");
        return report;

        static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(100)) + (names.Count > 100 ? $" and {names.Count - 100} more" : "");
    }

    private TransferReport TakeWeights(Network network, CnnModel model, bool isStrict, BoundHead head, PixelFormat format)
    {
        model.CheckAlive();
        var content = model.Content;
        bool sameClasses = content.Head.GetType() == head.GetType() && content.Head.Difference(head) is null;
        if (isStrict && Difference() is { } difference)
            throw new ArgumentException($"StartFrom.Model: the model has other {difference}. Use StartFrom.MatchingWeights(model) to take what fits.");
        return network.Take(model.Network, layer => sameClasses || layer.Layer is not OutputLayer);

        string? Difference() =>
            content.Format.Shape != format.Shape ? $"images, {content.Format.Shape} instead of {format.Shape}"
            : !content.Architecture.Layers.SequenceEqual(_options.Architecture.Layers) ? "layers"
            : sameClasses ? null : "classes";
    }

    private void OnEpochEnd(EpochReport report, ITrainingDisplay? display, IChannel channel, IProgressChannel progress)
    {
        display?.OnEpochEnd(report, _options.Epochs);
        channel.Info(MessageSensitivity.None, report.ToText(_options.Epochs));
        string[] metrics = ["loss", .. report.Metrics.Select(metric => metric.Key)];
        progress.SetHeader(new ProgressHeader(metrics, ["epochs"]), entry =>
        {
            entry.SetProgress(0, report.Epoch, _options.Epochs);
            entry.SetMetric(0, report.Loss);
            foreach (var (index, metric) in report.Metrics.Index()) entry.SetMetric(index + 1, metric.Value);
        });
        progress.Checkpoint([report.Loss, .. report.Metrics.Select(metric => (double?)metric.Value), report.Epoch]);
        _options.OnEpochEnd?.Invoke(report);
    }
}
