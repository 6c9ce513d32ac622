using System.Diagnostics;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>What a run is told.</summary>
internal sealed record LoopSettings(int Epochs, GradientClipping? Clipping, bool Shuffle, int AccumulateBatches, int ReportEvery);

/// <summary>Who hears of a run, and who ends it.</summary>
/// <param name="OnBatchEnd">Hears of batches; null where nobody does.</param>
/// <param name="OnEpochEnd">Hears of epochs.</param>
/// <param name="OnSafePoint">Offered where the state could be saved: what is over there, and the numbers; null where nobody saves.</param>
/// <param name="Stop">Says why to end; null to go on.</param>
internal sealed record LoopObservers(
    Action<BatchReport>? OnBatchEnd, Action<EpochReport> OnEpochEnd, Action<SafePoint, Func<Progress>>? OnSafePoint, Func<StopReason?> Stop);

/// <summary>What is over where a state could be saved.</summary>
internal enum SafePoint
{
    Step,
    Epoch,
    Run,
}

/// <summary>Rows that a loop goes through, and the feed that makes batches of them.</summary>
internal sealed record LoopData(Feed Feed, int[] Rows);

/// <summary>The training loop: epochs of batches of forward, loss, backward, step. One use, one thread.</summary>
internal sealed class TrainingLoop(TrainingState state, BoundHead head, Criterion criterion, Seeds seeds, LoopSettings settings, LoopObservers observers)
{
    private const int ReadEvery = 50;   // batches between two looks at the loss, where nobody asks for it

    private readonly Stopwatch _clock = new();
    private readonly Network _network = state.Network;
    private double _epochBegan;   // in seconds of this loop; below 0 where the epoch began before a resume

    /// <summary>Seconds trained by this loop.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Trains until the epochs are over or something ends it. The network is left in eval mode, with the weights the model shall have.</summary>
    /// <returns>Why it ended, and the epoch whose weights the network has; null where these are the last.</returns>
    /// <exception cref="InvalidOperationException">The loss is not a number.</exception>
    public (StopReason Reason, int? RestoredEpoch) Run(LoopData training, LoopData? validation)
    {
        _clock.Start();
        StopReason? reason = null;
        while (reason is null && state.Epoch < settings.Epochs && !state.Best.IsOver(state.Epoch)) reason = RunEpoch(training, validation);
        if (state.Rows == 0) return (reason!.Value, null);
        if (reason is null) observers.OnSafePoint?.Invoke(SafePoint.Run, () => state.Numbers(Seconds));
        reason ??= state.Epoch < settings.Epochs ? StopReason.EarlyStopped : StopReason.Completed;
        int? restored = ChooseWeights(reason.Value);
        _network.eval();
        CheckWeights(training);
        return (reason.Value, restored);
    }

    /// <summary>Trains and validates once; null where it was finished.</summary>
    private StopReason? RunEpoch(LoopData training, LoopData? validation)
    {
        var rows = settings.Shuffle ? seeds.Order(training.Rows, state.Epoch, training.Feed.Window) : training.Rows;
        using var trained = new Tally(head, criterion.IsWeighted, observers.OnBatchEnd is null ? ReadEvery : settings.ReportEvery, state.SumsBefore);
        using var validated = new Tally(head, criterion.IsWeighted, ReadEvery, new Sums());
        _epochBegan = Seconds - state.SumsBefore.Seconds;
        var stopped = Pass(training.Feed, rows, trained, train: true);
        double seconds = Seconds - _epochBegan;
        if (stopped is null && validation is not null)
        {
            using var average = state.Average?.Lend();
            stopped = Pass(validation.Feed, validation.Rows, validated, train: false);
            if (stopped is null) state.Best.Offer(state.Epoch + 1, validated);
        }

        if (stopped is not null)
        {
            observers.OnSafePoint?.Invoke(SafePoint.Run, () => Numbers(trained));
            state.BreakEpoch(trained.Losses);
            return stopped;
        }

        EndEpoch(trained, validation is null ? null : validated, seconds);
        return null;
    }

    private void EndEpoch(Tally trained, Tally? validated, double trainingSeconds)
    {
        var report = new EpochReport
        {
            Epoch = state.Epoch + 1,
            Loss = trained.Loss,
            Metrics = trained.Metrics,
            ValidationLoss = validated?.Loss,
            ValidationMetrics = validated?.Metrics,
            LearningRate = state.Schedule.At(state.Optimizer.Steps - 1).LearningRate,
            Seconds = Seconds - _epochBegan,
            ImagesPerSecond = trained.Rows / trainingSeconds,
        };
        state.EndEpoch(report, trained.Losses);
        state.Schedule.EndEpoch(report.ValidationLoss ?? report.Loss);
        observers.OnSafePoint?.Invoke(SafePoint.Epoch, () => state.Numbers(Seconds));
        observers.OnEpochEnd(report);
    }

    /// <summary>One pass over rows, training or validating, from the batch where the state stands; null where it came to its end.</summary>
    private StopReason? Pass(Feed feed, int[] rows, Tally tally, bool train)
    {
        _network.train(train);
        int done = train ? state.Batch : 0, batches = feed.BatchesOf(rows.Length);
        foreach (var batch in feed.Read(rows, train ? seeds.Draws(state.Epoch) : null, done, () => MayStop() && observers.Stop() is not null))
        {
            if (MayStop() && observers.Stop() is { } reason)
            {
                tally.Read();
                return reason;
            }

            using (TorchRuntime.Work())
            {
                using var random = state.LendRandom();
                using var scope = NewDisposeScope();
                var place = new BatchPlace(state.Epoch + 1, done + 1, train ? state.Pace.LearningRate : null);
                var loaded = batch.Load();
                var (loss, measures) = train ? TrainStep(loaded, new StepPart(feed, rows.Length, done, settings.AccumulateBatches)) : ValidateStep(loaded);
                tally.Add(loss, measures, batch.Count, place);
                done++;
            }

            if (train) AfterTrainStep(tally, batch.Count, done, batches, feed.RowsIn(rows.Length));
        }

        tally.Read();
        return done < batches ? observers.Stop() : null;

        bool MayStop() => !train || done % settings.AccumulateBatches == 0;   // no gradient is left half added up
    }

    private (Tensor Loss, Tensor Measures) TrainStep(LoadedBatch batch, StepPart part)
    {
        state.BeginBatch();
        if (part.IsFirst) state.Optimizer.ZeroGrad();
        var outputs = _network.call(batch.Images);
        var loss = criterion.Loss(outputs, batch);
        part.Backward(loss, batch);
        if (part.IsLast)
        {
            state.Optimizer.Step(state.Pace.LearningRate, state.Pace.Momentum, settings.Clipping);
            state.Average?.Add(state.Optimizer.Steps);
        }

        return (loss, Measure(outputs, batch));
    }

    private (Tensor Loss, Tensor Measures) ValidateStep(LoadedBatch batch)
    {
        using var evaluation = no_grad();
        var outputs = _network.call(batch.Images);
        return (criterion.Loss(outputs, batch), Measure(outputs, batch));
    }

    private Tensor Measure(Tensor outputs, LoadedBatch batch)
    {
        using var evaluation = no_grad();
        return criterion.Measure(outputs, batch);
    }

    private void AfterTrainStep(Tally tally, int rows, int batch, int batches, int epochRows)
    {
        state.EndBatch(rows);
        if (batch % settings.AccumulateBatches == 0 && batch < batches) observers.OnSafePoint?.Invoke(SafePoint.Step, () => Numbers(tally));
        if (observers.OnBatchEnd is null || (batch % settings.ReportEvery != 0 && batch != batches)) return;
        tally.Read();
        double total = (double)settings.Epochs * epochRows, seconds = state.SecondsBefore + Seconds;
        double remaining = seconds * (total - state.Rows) / state.Rows;
        observers.OnBatchEnd(new BatchReport
        {
            Epoch = state.Epoch + 1,
            Epochs = settings.Epochs,
            Batch = batch,
            Batches = batches,
            Loss = tally.Losses[^1],
            EpochLoss = tally.Loss,
            EpochMetrics = tally.Metrics,
            ImagesPerSecond = state.Rows / seconds,
            Remaining = remaining < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, remaining)) : TimeSpan.MaxValue,
        });
    }

    private Progress Numbers(Tally tally)
    {
        tally.Read();
        return state.Numbers(Seconds, tally.Sums with { Seconds = Seconds - _epochBegan }, tally.Losses);
    }

    /// <summary>The model's weights: the best epoch's where that is wanted, or where training ended before its time; else the last, or their average.</summary>
    private int? ChooseWeights(StopReason reason)
    {
        bool isCut = reason is StopReason.Cancelled or StopReason.TimeBudget;
        if (state.Best.Epoch > 0 && (state.Best.IsWanted || isCut))
        {
            state.Best.Restore();
            return state.Best.Epoch == state.Epoch && state.Batch == 0 ? null : state.Best.Epoch;
        }

        state.Average?.Exchange();
        return null;
    }

    /// <summary>A batch is measured before its step, so the last step needs a look of its own.</summary>
    private void CheckWeights(LoopData training)
    {
        using var work = TorchRuntime.Work();
        using var random = state.LendRandom();
        using var scope = NewDisposeScope();
        foreach (var (path, weight) in _network.Weights)
        {
            if (weight.dtype == ScalarType.Float32 && !weight.isfinite().all().item<bool>()) throw Divergence.At($"the weight '{path}' after the last step", "not a finite number");
        }

        float loss = ValidateStep(training.Feed.Read(training.Rows, stop: static () => false).First().Load()).Loss.item<float>();
        if (!float.IsFinite(loss)) throw Divergence.At("the loss after the last step", loss);
    }
}
