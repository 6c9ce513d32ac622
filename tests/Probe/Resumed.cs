using System.Globalization;
using System.Text.Json;
using CnnMlNet;
using CnnMlNet.Tests;

/// <summary>A training with everything that has to go on from a checkpoint, to be killed meanwhile.</summary>
internal static class Resumed
{
    /// <summary>Trains in a folder of checkpoints and writes what came out: the scores' bits and the history without times.</summary>
    /// <param name="folder">The checkpoints; <c>-</c> for none.</param>
    /// <param name="optimizer">adam or sgd.</param>
    /// <param name="output">The file.</param>
    public static int Train(string folder, string optimizer, string output)
    {
        var ml = Some.Context();
        var options = Options(optimizer) with
        {
            Checkpoints = folder == "-" ? null : Checkpoints.In(folder, everyEpochs: 2, every: TimeSpan.FromTicks(1), keep: 2),
            OnBatchEnd = report => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Epoch}.{report.Batch}")),
        };
        using var model = new CnnTrainer(ml, options).Fit(Some.Keyed(ml, rows: 120));
        var history = model.Model.History;
        var weights = Convert.ToHexString(ModelZip.Trained(ModelZip.Save(ml, model)));
        object[] epochs = [.. history.Epochs.Select(epoch => new { epoch.Epoch, epoch.Loss, epoch.Metrics, epoch.ValidationLoss, epoch.ValidationMetrics, epoch.LearningRate })];
        File.WriteAllText(output, JsonSerializer.Serialize(new { weights, epochs, history.BatchLosses, history.BestEpoch, history.RestoredEpoch, stop = history.StopReason }));
        return 0;
    }

    private static CnnTrainerOptions Options(string optimizer) => Some.Options with
    {
        Architecture = Some.AllLayers,
        Epochs = 12,
        BatchSize = 8,
        AccumulateBatches = 3,
        ValidationFraction = 0.2,
        Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(1), Augment.Rotate(10), Augment.Erase(), Augment.Mixup(probability: 0.5)),
        Optimizer = optimizer == "sgd" ? Optimizer.Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 1e-4) : Optimizer.Adam(1e-2),
        Schedule = Schedule.OneCycle(),
        GradientClipping = GradientClipping.ByNorm(1),
        WeightAveraging = WeightAveraging.Exponential(0.95),
        EarlyStopping = EarlyStopping.OnLoss(patience: 100),
    };
}
