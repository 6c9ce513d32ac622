using System.Diagnostics;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>What a run is told.</summary>
internal sealed record LoopSettings(int Epochs, double LearningRate, bool Shuffle, int ReportEvery);

/// <summary>Who hears of a run.</summary>
internal sealed record LoopObservers(Action<BatchReport>? OnBatchEnd, Action<EpochReport> OnEpochEnd, Cancellation Cancellation);

/// <summary>Rows that a loop goes through, and the feed that makes batches of them.</summary>
internal sealed record LoopData(Feed Feed, int[] Rows);

/// <summary>The training loop: epochs of batches of forward, loss, backward, step. One use, one thread.</summary>
internal sealed class TrainingLoop(TrainingState state, BoundHead head, Criterion criterion, Seeds seeds, LoopSettings settings, LoopObservers observers)
{
    private const int ReadEvery = 50;   // steps between two looks at the loss, where nobody asks for it

    private readonly Stopwatch _clock = new();
    private readonly Network _network = state.Network;

    /// <summary>Trains until the epochs are over or it is cancelled. The network is left in eval mode.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learned.</exception>
    /// <exception cref="InvalidOperationException">The loss is not a number.</exception>
    public (IReadOnlyList<EpochReport> Epochs, StopReason Reason) Run(LoopData training, LoopData? validation)
    {
        var reports = new List<EpochReport>();
        _clock.Start();
        while (state.Epoch < settings.Epochs)
        {
            var began = _clock.Elapsed;
            state.BeginEpoch();
            using var trained = Epoch(training.Feed, settings.Shuffle ? seeds.Order(training.Rows, state.Epoch) : training.Rows, TrainStep, train: true);
            if (trained is null) break;
            using var validated = validation is null ? null : Epoch(validation.Feed, validation.Rows, ValidateStep, train: false);
            if (validation is not null && validated is null) break;
            state.EndEpoch();
            reports.Add(new EpochReport
            {
                Epoch = state.Epoch,
                Loss = trained.Loss,
                Metrics = trained.Metrics,
                ValidationLoss = validated?.Loss,
                ValidationMetrics = validated?.Metrics,
                LearningRate = settings.LearningRate,
                Seconds = (_clock.Elapsed - began).TotalSeconds,
            });
            observers.OnEpochEnd(reports[^1]);
        }

        if (state.Rows == 0) observers.Cancellation.ThrowIfRequested("Training was cancelled before anything was learned.");
        _network.eval();
        CheckLastStep(training);
        return (reports, state.Epoch == settings.Epochs ? StopReason.Completed : StopReason.Cancelled);
    }

    /// <summary>One pass over rows, training or validating by the step; null where it was cancelled.</summary>
    private Tally? Epoch(Feed feed, int[] rows, Func<LoadedBatch, (Tensor Loss, Tensor Measures)> step, bool train)
    {
        var tally = new Tally(head, criterion.IsWeighted, train ? "" : "validation ", state.Epoch + 1, observers.OnBatchEnd is null ? ReadEvery : settings.ReportEvery);
        bool finished = false;
        try
        {
            _network.train(train);
            foreach (var batch in feed.Read(rows))
            {
                if (observers.Cancellation.IsRequested) return null;
                using (TorchRuntime.Work())
                {
                    using var random = state.LendRandom();
                    using var scope = NewDisposeScope();
                    var (loss, measures) = step(batch.Load());
                    tally.Add(loss, measures, batch.Count);
                }

                if (train) AfterTrainStep(tally, batch.Count, feed.BatchesOf(rows.Length), rows.Length);
            }

            tally.Read();
            finished = true;
            return tally;
        }
        finally
        {
            if (!finished) tally.Dispose();
        }
    }

    private (Tensor Loss, Tensor Measures) TrainStep(LoadedBatch batch)
    {
        state.Optimizer.ZeroGrad();
        var outputs = _network.call(batch.Images);
        var loss = criterion.Loss(outputs, batch);
        loss.backward();
        state.Optimizer.Step(settings.LearningRate);
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

    private void AfterTrainStep(Tally tally, int rows, int batches, int epochRows)
    {
        state.Rows += rows;
        if (observers.OnBatchEnd is null || (tally.Batches % settings.ReportEvery != 0 && tally.Batches != batches)) return;
        tally.Read();
        double total = (double)settings.Epochs * epochRows, seconds = _clock.Elapsed.TotalSeconds;
        double remaining = seconds * (total - state.Rows) / state.Rows;
        observers.OnBatchEnd(new BatchReport
        {
            Epoch = state.Epoch + 1,
            Epochs = settings.Epochs,
            Batch = tally.Batches,
            Batches = batches,
            Loss = tally.LastLoss,
            EpochLoss = tally.Loss,
            EpochMetrics = tally.Metrics,
            ImagesPerSecond = state.Rows / seconds,
            Remaining = remaining < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, remaining)) : TimeSpan.MaxValue,
        });
    }

    /// <summary>A batch is measured before its step, so the last step needs a look of its own.</summary>
    private void CheckLastStep(LoopData training)
    {
        using var work = TorchRuntime.Work();
        using var random = state.LendRandom();
        using var scope = NewDisposeScope();
        foreach (var (path, weight) in _network.Weights)
        {
            if (weight.dtype == ScalarType.Float32 && !weight.isfinite().all().item<bool>()) throw Divergence.At($"the weight '{path}' after the last step", "not a finite number");
        }

        var first = training.Feed.Read(training.Rows).First().Load();
        float loss = ValidateStep(first).Loss.item<float>();
        if (!float.IsFinite(loss)) throw Divergence.At("the loss after the last step", loss);
    }
}
