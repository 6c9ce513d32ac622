using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using CnnMlNet.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnMlNet;

/// <content>The stages of Fit that read the rows.</content>
public sealed partial class CnnTrainer
{
    private const long StreamedBytes = 512 << 20, LeastStreamedBatches = 4;

    private TrainingData Read(IDataView data, PixelColumn pixels, BoundHead head, string what, Cancellation cancellation, IChannel channel, long bytesTaken = 0)
    {
        var limited = pixels with { Path = pixels.PathIn(data.Schema), MostPixels = _options.MostImagePixels };
        var columns = new RowColumns(limited, Columns.Any(data.Schema, "label", _options.LabelColumnName), Weights(data.Schema));
        var read = ReadInto(_options.ImageStorage);
        channel.Info(MessageSensitivity.None, $"{what}: {read.Images.Place}.");
        if (read.Skipped is { } skipped) channel.Warning(MessageSensitivity.None, $"{skipped}.");
        return read;

        TrainingData ReadInto(ImageStorage storage)
        {
            var (isStreamed, threads) = (storage == ImageStorage.Streamed, _options.LoadingThreads ?? Environment.ProcessorCount);
            try
            {
                return new RowReading(head, what, _options.BadImages, isStreamed, MemoryFor(storage, pixels.Format, bytesTaken), threads, cancellation).Read(data, columns);
            }
            catch (NoRoomException e) when (storage == ImageStorage.Automatic)
            {
                channel.Warning(MessageSensitivity.None, $"{what}: the images are streamed, read anew in each epoch. {e.Message}");
                return ReadInto(ImageStorage.Streamed);
            }
        }
    }

    /// <summary>The bytes of main memory that images may take, less those taken already. For streamed ones no default depends on what is free, since their order does on it.</summary>
    private long MemoryFor(ImageStorage storage, PixelFormat format, long taken) => storage switch
    {
        ImageStorage.Memory => long.MaxValue,
        ImageStorage.MappedFile => 0,
        ImageStorage.Streamed => Math.Max((_options.ImageMemory ?? StreamedBytes) - taken, LeastStreamedBatches * Math.Min(_options.BatchSize, int.MaxValue / LeastStreamedBatches) * format.RowBytes),
        _ => Math.Max(0, (_options.ImageMemory ?? (TrainingData.FreeBytes() + taken) / 4) - taken),
    };

    private DataViewSchema.Column? Weights(DataViewSchema schema) =>
        _options.ExampleWeightColumnName is { } name ? Columns.Single(schema, "example weight", name) : null;

    private TrainingData ReadTraining(IDataView data, PixelColumn pixels, BoundHead head, Cancellation cancellation, IChannel channel)
    {
        var training = Read(data, pixels, head, "Training", cancellation, channel);
        if (head.Problem(training.Targets) is not { } problem) return training;
        training.Dispose();
        throw new InvalidOperationException(problem);
    }

    /// <summary>The rows divided, and what the training rows among them say to the head and the scaling.</summary>
    private (TrainingSets Sets, BoundHead Head, PixelTransform Transform) Prepare(
        TrainingData training, TrainingData? validation, IReadOnlyList<PlannedLayer> plan, BoundHead head, Seeds seeds, IChannel channel)
    {
        var sets = Divide(training, validation, head, seeds);
        sets.CheckWeights();
        var fitted = head.Fit(sets.Training.Targets, sets.TrainingRows);
        CheckLastBatch(plan, sets.TrainingRows.Length);
        WarnOfLateClasses(sets, head, channel);
        return (sets, fitted, KeptTransform() ?? PixelTransform.Fit(_options.PixelScaling, training.Images, sets.TrainingRows));
    }

    /// <summary>The rows that one is shuffled among; null for all, or none.</summary>
    private int? WindowOf(TrainingSets sets) =>
        sets.Training.Images.Window(_options.BatchSize) is var window && _options.Shuffle && window < sets.TrainingRows.Length ? window : null;

    /// <summary>A folder a class, in their order, and a window: the network would see one class for long, then another, and learn neither well.</summary>
    private void WarnOfLateClasses(TrainingSets sets, BoundHead head, IChannel channel)
    {
        if (WindowOf(sets) is not { } window) return;
        var classes = head.Classes(sets.Training.Targets);
        int late = sets.TrainingRows.Skip(window).Select(row => classes[row]).Except(sets.TrainingRows.Take(window).Select(row => classes[row])).Count();
        if (late == 0) return;
        channel.Warning(MessageSensitivity.None, FormattableString.Invariant($"Training: {late} of the classes are not among the first {window} rows, within which an epoch of streamed images is shuffled, ") +
            "so that batches have few classes: give rows in mixed order, by ml.Data.ShuffleRows(files, seed: 1, shufflePoolSize: 100_000) before the images are loaded, or allow more ImageMemory.");
    }

    /// <summary>What goes on with a model keeps its scaling, or the same weights would meet other pixels.</summary>
    private PixelTransform? KeptTransform() => _options is { PixelScaling: null, StartFrom: { IsStrict: true, Source: { } source } } ? source.Content.Transform : null;

    private TrainingSets Divide(TrainingData training, TrainingData? validation, BoundHead head, Seeds seeds)
    {
        if (validation is not null) return new TrainingSets(training, training.AllRows(), validation, validation.AllRows());
        return _options.ValidationFraction > 0
            ? training.HoldOut(_options.ValidationFraction, head, seeds)
            : new TrainingSets(training, training.AllRows(), training, []);
    }
}
