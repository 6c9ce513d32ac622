using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Persistence;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Rows;
using CnnMlNet.Training;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML;
using System.Diagnostics;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>
/// Trains a convolutional network, as an estimator of an ML.NET pipeline.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>in: <c>Features</c></term><description>images (<see cref="MLImage"/>) of any size; or vector of <see cref="float"/> or <see cref="byte"/>, one image [C, H, W] a row, of known length</description></item>
/// <item><term>in: <c>Label</c></term><description>key; Boolean for a binary classifier; <see cref="float"/> or a vector of them for regression; a vector of
/// keys [H, W] for a class for every pixel; read by Fit only</description></item>
/// <item><term>out: <c>Score</c></term><description>vector of <see cref="float"/>: the probability of each class, with the class names as slot names;
/// [classes, H, W] for a class for every pixel; <see cref="float"/>, the logit, for a binary classifier; what the label is, for regression</description></item>
/// <item><term>out: <c>Probability</c></term><description><see cref="float"/>: the probability of true, for a binary classifier</description></item>
/// <item><term>out: <c>PredictedLabel</c></term><description>key with the label's key values: the most probable class; [H, W] of such keys for a class for
/// every pixel; Boolean for a binary classifier; none for regression</description></item>
/// <item><term>out, on request: <see cref="CnnTrainerOptions.ExtraColumns"/></term><description>logits, probabilities, the most probable classes,
/// what a layer gives (see <see cref="ExtraColumn"/>)</description></item>
/// </list>
/// <para>Weights start as PyTorch's do. On the CPU the same seed, rows and number of threads give the same weights,
/// bit for bit, whatever else the process does meanwhile.</para>
/// <para>Thread safe: several threads may call Fit at once; they share the processors. Networks with <see cref="Layer.Module"/> take turns, a
/// step each, at LibTorch's one random generator, which such modules draw from; who else draws from it meanwhile changes what they get.</para>
/// </remarks>
public sealed partial class CnnTrainer : ITrainerEstimator<CnnTransformer, CnnModel>
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

    private OutputColumns Outputs => new(_options.ScoreColumnName, _options.ProbabilityColumnName, _options.PredictedLabelColumnName);

    /// <summary>Trains on all rows, less <see cref="CnnTrainerOptions.ValidationFraction"/>.</summary>
    /// <param name="input">Rows with the feature and the label column; read once, unless <see cref="CnnTrainerOptions.ImageStorage"/> has the images streamed.</param>
    /// <returns>The transformer. The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    /// <exception cref="ArgumentException">A layer does not fit its input; class weights, an extra column or a test-time augmentation not the classes or the images.</exception>
    /// <exception cref="InvalidDataException">A row has a value that is not finite, an image that cannot be used, no label, or a weight out of range; the file of <see cref="StartFrom"/> is damaged.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, only one class or no weight above 0, the loss diverged, images are streamed from a view that gives other rows when
    /// it is read again, or LibTorch or the device is not there.</exception>
    /// <exception cref="IOException">The images are to be in a mapped file (see <see cref="CnnTrainerOptions.ImageStorage"/>), and the disk has no room for it.</exception>
    /// <exception cref="OperationCanceledException">The token was set before anything was learned.</exception>
    public CnnTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the first view and validates each epoch on the second.</summary>
    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="trainData">Rows with the feature and the label column.</param>
    /// <param name="validationData">Rows with the same columns, transformed as the training rows were; null to hold out
    /// <see cref="CnnTrainerOptions.ValidationFraction"/> of the training rows instead.</param>
    public CnnTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        if (validationData is null && _options is { ValidationFraction: 0, EarlyStopping: not null })
            throw new InvalidOperationException("EarlyStopping needs validation rows: set ValidationFraction, or give Fit a validation view.");
        using var channel = _host.Start("Training");
        var (cancellation, began) = (NewCancellation(), Stopwatch.GetTimestamp());
        using var checkpoints = _options.Checkpoints is { } wanted ? new CheckpointFolder(wanted, text => channel.Warning(MessageSensitivity.None, text)) : null;
        var seeds = NewSeeds(checkpoints?.Newest?.Identity.Seed);

        var (pixels, head) = Bind(trainData.Schema);
        var validationPixels = validationData is null ? null : BindValidation(validationData.Schema, pixels.Format, head);
        var plan = Plan(pixels.Format, head);

        TorchRuntime.EnsureLoaded();
        using var threads = TorchRuntime.UseThreads(_options.Threads);
        using var scope = NewDisposeScope();
        var device = TorchRuntime.Resolve(_options.Device, _environment, channel);
        channel.Info(MessageSensitivity.None, $"Computing on {device} with {get_num_threads()} {(get_num_threads() == 1 ? "thread" : "threads")}. {ThreadHabits.Choice}");

        using var training = ReadTraining(trainData, pixels, head, cancellation, channel);
        using var validation = validationData is null ? null : Read(validationData, validationPixels!, head, "Validation", cancellation, channel, training.Images.BytesInMemory);
        (var sets, head, var transform) = Prepare(training, validation, plan, head, seeds, channel);

        var (network, transfer) = FirstNetwork(plan, head, pixels.Format, seeds, device, channel);
        try
        {
            var history = Train(new Setting(network, head, seeds, transform, sets, checkpoints, cancellation, began, channel)) with
            {
                Transfer = transfer, SkippedImages = SkippedImages.Of(training.Skipped, validation?.Skipped),
            };
            var content = new ModelContent(_options.Architecture, pixels.Format, transform, head, _options.FeatureColumnName, Outputs, history, []) { Scoring = _options.Scoring };
            return new CnnTransformer(new CnnModel(content, network, channel));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The columns that come out: the input's and those that the head adds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PixelColumn.Check(inputSchema, _options.FeatureColumnName);
        if (_options.ExampleWeightColumnName is { } weights) Columns.Single(inputSchema, "example weight", weights);
        var head = _options.Head.OutputShape(inputSchema, _options.LabelColumnName, Outputs);
        return Columns.Add(inputSchema, [.. head, .. _options.Scoring.Shape(head, Outputs)]);
    }

    private (PixelColumn Pixels, BoundHead Head) Bind(DataViewSchema schema)
    {
        Weights(schema);   // a column that is missing is told before any row is read
        var pixels = PixelColumn.Find(schema, _options.FeatureColumnName, _options.ImageShape, _options.Interleaved, _options.ImageResizing);
        return (pixels, _options.Head.Bind(schema, _options.LabelColumnName, pixels.Format.Shape));
    }

    private Cancellation NewCancellation() =>
        new(() => MlNetInternals.IsCancelled(_host), _options.CancellationToken, _options.NewCancellationToken?.Invoke() ?? default);

    private Seeds NewSeeds(int? before = null) => new(_options.Seed ?? _environment.Seed ?? before ?? Random.Shared.Next());

    private IReadOnlyList<PlannedLayer> Plan(PixelFormat format, BoundHead head)
    {
        var plan = _options.Architecture.Plan(format.Shape, head.Outputs, head.IsPerPixel);
        _options.Optimizer.CheckGroups(PlannedLayer.Trained(plan));
        _options.Scoring.Check(head, format.Shape, plan);
        _options.Loss?.CheckClasses(head.ClassNames);
        _options.Augmentation?.CheckFits(format.Raster, format.Type == PixelType.Byte);
        return plan;
    }

    /// <summary>Validation rows must show the same kind of images and number their classes alike, or what they measure means nothing.</summary>
    private PixelColumn BindValidation(DataViewSchema schema, PixelFormat format, BoundHead head)
    {
        var (pixels, other) = Bind(schema);
        if (pixels.Format.Shape != format.Shape) throw Columns.Mismatch($"The validation images are {pixels.Format.Shape}, but the training images are {format.Shape}.");
        if (pixels.Format.IsOfImages != format.IsOfImages) throw Columns.Mismatch($"The validation rows have {pixels.Format.Kind}, but the training rows have {format.Kind}.");
        if (pixels.Format != format) throw Columns.Mismatch($"The validation images have {pixels.Format.Type} values, but the training images have {format.Type} values.");
        return head.Difference(other) is { } difference ? throw Columns.Mismatch(difference) : pixels;
    }

    /// <summary>There must be a batch, and BatchNorm cannot take the variance of a single value.</summary>
    private void CheckLastBatch(IReadOnlyList<PlannedLayer> plan, int rows)
    {
        bool drops = _options.DropLastBatch;
        if (drops && rows < _options.BatchSize)
            throw new ArgumentException($"DropLastBatch leaves no batch: {rows} training rows do not fill one of {_options.BatchSize}. Choose a smaller BatchSize, or keep the last batch.");
        int last = drops || rows % _options.BatchSize == 0 ? Math.Min(rows, _options.BatchSize) : rows % _options.BatchSize;
        var layer = plan.SelectMany(top => top.Flatten()).FirstOrDefault(layer => layer.Layer is BatchNormLayer && layer.Input.Height * layer.Input.Width == 1);
        if (last != 1 || layer is null) return;
        throw new ArgumentException(
            $"{layer.Title} has one value a channel for each row ({layer.Input}), so it needs at least 2 rows in every batch, " +
            $"but {rows} training rows in batches of {_options.BatchSize} end in a batch of 1: change BatchSize.");
    }

    /// <summary>The network as training begins with it: weights drawn or taken, some of them frozen.</summary>
    private (Network Network, TransferReport? Transfer) FirstNetwork(
        IReadOnlyList<PlannedLayer> plan, BoundHead head, PixelFormat format, Seeds seeds, Device device, IChannel channel)
    {
        using var work = TorchRuntime.Work();
        using var random = new Generator(0).manual_seed(seeds.SeedOf(Purpose.FirstWeights));
        var network = Network.WithFirstWeights(plan, random, device);
        try
        {
            var transfer = TakeWeights(network, head, format, channel);
            network.Freeze(_options.Frozen);
            return (network, transfer);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
