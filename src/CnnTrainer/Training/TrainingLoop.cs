using System.Diagnostics;
using CnnMlNet.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Training;

/// <summary>The training loop: epochs of batches of forward, loss, backward, step. One use, one thread.</summary>
internal sealed class TrainingLoop(Module<Tensor, Tensor> network, UpdateRule optimizer, Device device, CnnTrainerOptions options, int seed)
{
    private readonly Stopwatch _clock = new();
    private long _imagesSeen;

    /// <summary>Trains until the epochs are over or the token is set. The network is left in eval mode.</summary>
    public (IReadOnlyList<EpochReport> Epochs, StopReason Reason) Run(LabeledImages training, LabeledImages? validation, Action<EpochReport> onEpochEnd)
    {
        var reports = new List<EpochReport>();
        var batches = new Batches(training, options.BatchSize, options.Shuffle ? new Random(seed) : null);
        var validationBatches = validation is null ? null : new Batches(validation, options.BatchSize, null);
        _clock.Start();
        while (reports.Count < options.Epochs)
        {
            int epoch = reports.Count + 1;
            var began = _clock.Elapsed;
            if (Epoch(batches, TrainStep, epoch) is not { } trained) break;
            var validated = validationBatches is null ? null : Epoch(validationBatches, ValidateStep, epoch);
            if (validationBatches is not null && validated is null) break;
            reports.Add(new EpochReport(epoch, trained.Loss, trained.Accuracy, validated?.Loss, validated?.Accuracy) { Seconds = (_clock.Elapsed - began).TotalSeconds });
            onEpochEnd(reports[^1]);
        }

        if (_imagesSeen == 0) options.CancellationToken.ThrowIfCancellationRequested();   // nothing was learned: there is nothing to return
        network.eval();
        CheckLastStep(batches);
        return (reports, reports.Count == options.Epochs ? StopReason.Completed : StopReason.Cancelled);
    }

    /// <summary>One pass over the batches, training or validating by the step; null where it was cancelled.</summary>
    private EpochSums? Epoch(Batches batches, Func<Tensor, Tensor, (double Loss, long Correct)> step, int epoch)
    {
        var sums = new EpochSums();
        bool train = step == TrainStep;
        network.train(train);
        foreach (var rows in batches.NextEpoch())
        {
            if (options.CancellationToken.IsCancellationRequested) return null;
            using var scope = NewDisposeScope();
            var (images, labels) = batches.Load(rows, device);
            var (loss, correct) = step(images, labels);
            sums.Add(rows.Length, loss, correct);
            if (!double.IsFinite(loss)) throw Diverged($"the {(train ? "" : "validation ")}loss of batch {sums.Batches} of epoch {epoch}", loss);
            if (train) AfterTrainStep(sums, batches, loss, epoch);
        }

        return sums;
    }

    private (double Loss, long Correct) TrainStep(Tensor images, Tensor labels)
    {
        optimizer.ZeroGrad();
        var logits = network.call(images);
        var loss = functional.cross_entropy(logits, labels);
        loss.backward();
        optimizer.Step();
        return Measure(logits, loss, labels);
    }

    private (double Loss, long Correct) ValidateStep(Tensor images, Tensor labels)
    {
        using var evaluation = no_grad();
        var logits = network.call(images);
        return Measure(logits, functional.cross_entropy(logits, labels), labels);
    }

    private static (double Loss, long Correct) Measure(Tensor logits, Tensor loss, Tensor labels)
    {
        using var evaluation = no_grad();
        return (loss.item<float>(), logits.argmax(1).eq(labels).sum().item<long>());
    }

    private void AfterTrainStep(EpochSums sums, Batches batches, double loss, int epoch)
    {
        _imagesSeen = (epoch - 1L) * batches.Rows + sums.Rows;
        if (options.OnBatchEnd is null) return;
        double total = (double)options.Epochs * batches.Rows;
        var remaining = _clock.Elapsed * ((total - _imagesSeen) / _imagesSeen);
        options.OnBatchEnd(new BatchReport(
            epoch, options.Epochs, sums.Batches, batches.Count, loss, sums.Loss, sums.Accuracy, _imagesSeen / _clock.Elapsed.TotalSeconds, remaining));
    }

    /// <summary>A batch is measured before its step, so the last step needs a look of its own.</summary>
    private void CheckLastStep(Batches batches)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = batches.Load(batches.NextEpoch().First(), device);
        double loss = ValidateStep(images, labels).Loss;
        if (!double.IsFinite(loss)) throw Diverged("the loss after the last step", loss);
    }

    private static InvalidOperationException Diverged(string what, double loss) =>
        new($"Training diverged: {what} is {loss}. Use a lower learning rate, or scale the features (see StandardScale).");

    /// <summary>Sums over every row of an epoch; a mean loss counts as often as its batch has rows.</summary>
    private sealed class EpochSums
    {
        private double _loss;
        private long _correct;

        public int Batches { get; private set; }
        public long Rows { get; private set; }
        public double Loss => _loss / Rows;
        public double Accuracy => (double)_correct / Rows;

        public void Add(int rows, double meanLoss, long correct)
        {
            Batches++;
            Rows += rows;
            _loss += meanLoss * rows;
            _correct += correct;
        }
    }
}
