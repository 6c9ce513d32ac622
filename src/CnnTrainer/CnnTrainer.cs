using System.Globalization;
using CnnMlNet.Data;
using CnnMlNet.Interop;
using CnnMlNet.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>
/// Trains a convolutional network for classification, as an estimator of an ML.NET pipeline.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>in: <c>Features</c></term><description>vector of <see cref="float"/>, one image [C, H, W] a row, of known length</description></item>
/// <item><term>in: <c>Label</c></term><description>key; read by Fit only</description></item>
/// <item><term>out: <c>Score</c></term><description>vector of <see cref="float"/>: the probability of each class, with the class names as slot names</description></item>
/// <item><term>out: <c>PredictedLabel</c></term><description>key with the label's key values: the most probable class</description></item>
/// </list>
/// <para>The loss is cross entropy. Weights start as PyTorch's do. On the CPU the same seed, rows and number of threads give the same weights, bit for bit.</para>
/// <para>Thread safe: several threads may call Fit; they train one after the other, because LibTorch has one random generator a process.</para>
/// </remarks>
public sealed class CnnTrainer : ITrainerEstimator<CnnTransformer, CnnModel>
{
    private readonly IHost _host;
    private readonly CnnTrainerOptions _options;
    private readonly MlNetInternals.EnvironmentSettings _environment;

    /// <summary>Makes a trainer.</summary>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="options">What to train and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public CnnTrainer(IHostEnvironment environment, CnnTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _options = options ?? new CnnTrainerOptions();
        _options.Validate();
        _environment = MlNetInternals.SettingsOf(environment);
        _host = environment.Register(nameof(CnnTrainer));
    }

    /// <summary>The network brings its own validation and wants one pass over its rows: no normalisation, caching or calibration by ML.NET.</summary>
    public TrainerInfo Info { get; } = MlNetInternals.TrainerInfo(normalization: false, caching: false, supportValid: true);

    /// <summary>Trains on all rows, less <see cref="CnnTrainerOptions.ValidationFraction"/>.</summary>
    /// <param name="input">Rows with the feature and the label column; read once.</param>
    /// <returns>The transformer. The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    /// <exception cref="ArgumentException">A layer does not fit its input.</exception>
    /// <exception cref="InvalidDataException">A row has a value that is not finite, or no label.</exception>
    /// <exception cref="InvalidOperationException">There are no rows or only one class, the loss diverged, or LibTorch or the device is not there.</exception>
    /// <exception cref="OperationCanceledException">The token was set before anything was learned.</exception>
    public CnnTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the first view and validates each epoch on the second.</summary>
    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="trainData">Rows with the feature and the label column; read once.</param>
    /// <param name="validationData">Rows with the same columns, transformed as the training rows were; null to hold out
    /// <see cref="CnnTrainerOptions.ValidationFraction"/> of the training rows instead.</param>
    public CnnTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        lock (TorchRuntime.TrainingLock)
        {
            using var channel = _host.Start("Training");
            var shape = Columns.Images(trainData.Schema, _options.FeatureColumnName, _options.ImageShape).Shape;
            var classes = ClassLabels.Of(Columns.Label(trainData.Schema, _options.LabelColumnName));
            if (validationData is not null) CheckValidation(validationData.Schema, shape, classes);
            var summary = _options.Architecture.Summarize(shape, classes.Count);
            TorchRuntime.EnsureLoaded();
            using var threads = TorchRuntime.UseThreads(_options.Threads);
            using var scope = NewDisposeScope();
            var device = TorchRuntime.Resolve(_options.Device, _environment, channel);
            int seed = _options.Seed ?? _environment.Seed ?? _host.Rand.Next();
            var (training, validation) = Read(trainData, validationData, classes, seed);
            CheckLastBatch(summary, training.Count);
            return Train(training, validation, shape, classes, device, seed, channel);
        }
    }

    /// <summary>The columns that come out: the input's, and Score and PredictedLabel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var label = Columns.Check(inputSchema, _options);
        return CnnTransformer.AddColumns(inputSchema, _options, label);
    }

    private CnnTransformer Train(
        LabeledImages training, LabeledImages? validation, ImageShape shape, ClassLabels classes, Device device, int seed, IChannel channel)
    {
        manual_seed(seed);
        var network = CnnModel.NewNetwork(_options.Architecture, shape, classes.Count, device);
        try
        {
            using var progress = _host.StartProgressChannel("Training");
            using var optimizer = _options.Optimizer.Start(network.parameters());
            var loop = new TrainingLoop(network, optimizer, device, _options, seed);
            var (epochs, reason) = loop.Run(training, validation, report => OnEpochEnd(report, channel, progress));
            var history = new TrainingHistory(
                epochs, reason, seed, get_num_threads(), device.ToString(), _options.BatchSize, _options.Optimizer, training.Count, validation?.Count ?? 0);
            var model = new CnnModel(network, _options.Architecture, shape, classes, history, device);
            return new CnnTransformer(model, _options.FeatureColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private (LabeledImages Training, LabeledImages? Validation) Read(IDataView trainData, IDataView? validationData, ClassLabels classes, int seed)
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        var training = LabeledImages.Read(trainData, _options, "training");
        var labels = training.Labels.data<long>();
        if (labels.Distinct().Count() < 2)
        {
            throw new InvalidOperationException(
                $"All {training.Count} training rows have the label '{classes.Values[(int)labels[0]]}': a classifier needs at least two classes.");
        }

        if (validationData is not null) return (training, LabeledImages.Read(validationData, _options, "validation"));
        return _options.ValidationFraction > 0 ? training.HoldOut(_options.ValidationFraction, seed) : (training, null);
    }

    /// <summary>Validation rows must show the same kind of images and number their classes alike, or what they measure means nothing.</summary>
    private void CheckValidation(DataViewSchema schema, ImageShape shape, ClassLabels classes)
    {
        var images = Columns.Images(schema, _options.FeatureColumnName, _options.ImageShape).Shape;
        if (images != shape) throw Columns.Mismatch($"The validation images are {images}, but the training images are {shape}.");
        var labels = ClassLabels.Of(Columns.Label(schema, _options.LabelColumnName));
        if (labels.Type == classes.Type && labels.Values.SequenceEqual(classes.Values)) return;
        throw Columns.Mismatch(
            $"The validation labels have the keys {string.Join(", ", labels.Values)}, but the training labels have {string.Join(", ", classes.Values)}: " +
            "map both with one fitted MapValueToKey.");
    }

    /// <summary>BatchNorm cannot take the variance of a single value.</summary>
    private void CheckLastBatch(ArchitectureSummary summary, int rows)
    {
        int last = rows % _options.BatchSize == 0 ? Math.Min(rows, _options.BatchSize) : rows % _options.BatchSize;
        int layer = summary.Layers.ToList().FindIndex(row => row.Layer is BatchNormLayer && row.InputShape.Height * row.InputShape.Width == 1);
        if (last != 1 || layer < 0) return;
        throw new ArgumentException(
            $"Layer {layer + 1} (BatchNorm) has one value a channel for each row ({summary.Layers[layer].InputShape}), so it needs at least 2 rows in every batch, " +
            $"but {rows} training rows in batches of {_options.BatchSize} end in a batch of 1: change BatchSize.");
    }

    private void OnEpochEnd(EpochReport report, IChannel channel, IProgressChannel progress)
    {
        var validation = report.ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $", validation loss {report.ValidationLoss:F4}, validation accuracy {accuracy:F4}")
            : "";
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"Epoch {report.Epoch}/{_options.Epochs}: loss {report.Loss:F4}, accuracy {report.Accuracy:F4}{validation}, {report.Seconds:F1} s"));
        progress.SetHeader(new ProgressHeader(["loss", "accuracy"], ["epochs"]), entry =>
        {
            entry.SetProgress(0, report.Epoch, _options.Epochs);
            entry.SetMetric(0, report.Loss);
            entry.SetMetric(1, report.Accuracy);
        });
        progress.Checkpoint(report.Loss, report.Accuracy, report.Epoch);
        _options.OnEpochEnd?.Invoke(report);
    }
}
