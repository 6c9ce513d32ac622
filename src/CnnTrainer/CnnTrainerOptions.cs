using CnnMlNet.Training;

namespace CnnMlNet;

/// <summary>
/// What a <see cref="CnnTrainer"/> is told. Every option has a default; all are checked at once when the trainer is made, and never read
/// again afterwards. Immutable; thread safe.
/// </summary>
public sealed partial record CnnTrainerOptions
{
    /// <summary>
    /// The column to learn: a key (see <c>MapValueToKey</c>); Boolean for <see cref="CnnMlNet.Head.Binary"/>; Single, or a vector of them, for
    /// <see cref="CnnMlNet.Head.Regression"/>; a vector of keys, [H, W], for <see cref="CnnMlNet.Head.PerPixel"/>.
    /// </summary>
    /// <value>Default <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// A column of <see cref="float"/> that says how much each row counts in the loss: a row of weight 2 as if it were there twice, one of weight 0
    /// not at all (but in the statistics of BatchNorm and <see cref="PixelScaling"/>). Validation rows have theirs too. Metrics count rows alike.
    /// </summary>
    /// <value>Default null: all rows count alike. Weights are at least 0, at most 1e12 and not all 0.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// Name of the feature column with one image a row: images, as <c>LoadImages</c> gives them, of any size; or a vector of <see cref="float"/> or
    /// <see cref="byte"/>, in the order channel, row, column (or row, column, channel: see <see cref="Interleaved"/>).
    /// </summary>
    /// <value>Default <c>Features</c>.</value>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>What the outputs mean: the label, the loss and the columns added.</summary>
    /// <value>Default <c>Head.Multiclass()</c>.</value>
    public Head Head { get; init; } = Head.Multiclass();

    /// <summary>
    /// Name of the output column with the probability of each class, a vector of <see cref="float"/>, [classes, H, W] where each pixel has a class; the
    /// logit, for a binary classifier; what the label is, for regression.
    /// </summary>
    /// <value>Default <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Name of the output column with the probability of true; made by a binary classifier only.</summary>
    /// <value>Default <c>Probability</c>.</value>
    public string ProbabilityColumnName { get; init; } = "Probability";

    /// <summary>Name of the output column with the most probable class, a key with the label's key values, or [H, W] of them; made by classifiers only.</summary>
    /// <value>Default <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>What else comes out for each row: logits, probabilities, the most probable classes, what a layer gives. Saved with the model.</summary>
    /// <value>Default none. See also <see cref="CnnTransformer.With"/>, for a model that is trained already.</value>
    public IReadOnlyList<ExtraColumn> ExtraColumns { get; init => field = value is null ? null! : [.. value]; } = [];

    /// <summary>Other views of each image that scoring takes the mean over. Saved with the model; validation during training goes without.</summary>
    /// <value>Default <c>TestTimeAugmentation.None()</c>.</value>
    public TestTimeAugmentation TestTimeAugmentation { get; init; } = TestTimeAugmentation.None();

    /// <summary>The numbers that the trained network computes with when it scores. Saved with the model; validation during training is float32.</summary>
    /// <value>Default <see cref="CnnMlNet.Precision.Full"/>. See the remarks of <see cref="CnnTransformer.ScoringPrecision"/>.</value>
    public Precision ScoringPrecision { get; init; }

    /// <summary>
    /// Shape of the images. Its size must be the length of a feature vector; images get this shape (see <see cref="ImageResizing"/>), with 3 channels,
    /// red, green, blue, or 1, grey.
    /// </summary>
    /// <value>Default null: taken from the feature column's dimensions [C, H, W] or [H, W], as ML.NET's ExtractPixels gives them, or from the height and
    /// width of a column of images that says them, with 3 channels.</value>
    public ImageShape? ImageShape { get; init; }

    /// <summary>
    /// How images of another size get the <see cref="ImageShape"/>, in Fit and in scoring: bilinear, and averaging where they become smaller, as Pillow's
    /// BILINEAR does, within one grey level. Opacity is ignored. Saved with the model. Vectors are not resized.
    /// </summary>
    /// <value>Default <see cref="CnnMlNet.ImageResizing.Fill"/>.</value>
    public ImageResizing ImageResizing { get; init; }

    /// <summary>What Fit does with an image that cannot be used, in a column of images.</summary>
    /// <value>Default <c>BadImages.Fail()</c>.</value>
    public BadImages BadImages { get; init; } = BadImages.Fail();

    /// <summary>How many pixels an image may have; one with more is a bad image. See the remarks of <see cref="CnnMlNet.BadImages"/>.</summary>
    /// <value>Default 100,000,000; at least 1.</value>
    public long MostImagePixels { get; init; } = DefaultMostImagePixels;

    /// <summary>Where the images of training and validation are kept, as they came: a byte a value, of images and vectors of Byte. The log says it.</summary>
    /// <value>Default <see cref="CnnMlNet.ImageStorage.Automatic"/>: read once, and kept in memory, or a mapped file, with the same result.</value>
    public ImageStorage ImageStorage { get; init; }

    /// <summary>Bytes of main memory for these images.</summary>
    /// <value>Default null: a quarter of the memory that is free; 512 MB where images are streamed. At least 0.</value>
    public long? ImageMemory { get; init; }

    /// <summary>Whether the channels of a pixel of a vector lie side by side, [H, W, C], as <c>ExtractPixels(interleavePixelColors: true)</c> gives them.</summary>
    /// <value>Default false: channel by channel, [C, H, W].</value>
    public bool Interleaved { get; init; }

    /// <summary>What happens to pixels on their way into the network.</summary>
    /// <value>Default null: <see cref="CnnMlNet.PixelScaling.ZeroToOne"/> for images and a column of Byte, <see cref="CnnMlNet.PixelScaling.None"/> for one of Single.</value>
    public PixelScaling? PixelScaling { get; init; }

    /// <summary>What is done at random to the training images, each epoch anew; never to those that are validated or scored.</summary>
    /// <value>Default null: nothing.</value>
    public Augmentation? Augmentation { get; init; }

    /// <summary>The layers of the network.</summary>
    /// <value>Default <see cref="CnnArchitecture.Simple"/>.</value>
    public CnnArchitecture Architecture { get; init; } = CnnArchitecture.Simple;

    /// <summary>Number of passes over the training rows.</summary>
    /// <value>Default 10; at least 1.</value>
    public int Epochs { get; init; } = 10;

    /// <summary>Number of rows of a step. The last batch of an epoch may be smaller; a size above the number of rows is one full batch.</summary>
    /// <value>Default 64; at least 1.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Whether the last batch of an epoch is left out of training where it is not full. With <see cref="Shuffle"/> these are other rows each
    /// epoch. There must be rows for at least one full batch.
    /// </summary>
    /// <value>Default false.</value>
    public bool DropLastBatch { get; init; }

    /// <summary>The optimizer.</summary>
    /// <value>Default <c>Optimizer.Adam()</c>: learning rate 0.001.</value>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>How the optimizer's learning rate changes in the course of training.</summary>
    /// <value>Default <c>Schedule.Constant()</c>.</value>
    public Schedule Schedule { get; init; } = Schedule.Constant();

    /// <summary>How long gradients may get before a step.</summary>
    /// <value>Default null: as long as they are.</value>
    public GradientClipping? GradientClipping { get; init; }

    /// <summary>What training makes small; one that the <see cref="Head"/> takes.</summary>
    /// <value>Default null: <see cref="CnnMlNet.Loss.CrossEntropy"/> for classes, <see cref="CnnMlNet.Loss.MeanSquaredError"/> for numbers.</value>
    public Loss? Loss { get; init; }

    /// <summary>The numbers that the network computes with while it trains.</summary>
    /// <value>Default <see cref="CnnMlNet.Precision.Full"/>.</value>
    public Precision Precision { get; init; }

    /// <summary>Whether the training rows are shuffled anew before each epoch.</summary>
    /// <value>Default true.</value>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Share of the rows held out for validation, the same share of each class, drawn by the seed. Ignored where a validation set is
    /// given to <see cref="CnnTrainer.Fit(Microsoft.ML.IDataView, Microsoft.ML.IDataView)"/>.
    /// </summary>
    /// <value>Default 0, no validation; less than 1.</value>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// Ends training when the validation rows are learned no better, and gives the model the weights of its best epoch. Needs validation rows.
    /// </summary>
    /// <value>Default null: all epochs are run, and the model has the last weights.</value>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>An average of the weights over the steps, which validation and the model use instead of the last weights.</summary>
    /// <value>Default null, none.</value>
    public WeightAveraging? WeightAveraging { get; init; }

    /// <summary>
    /// Batches whose gradients add up to one step of the optimizer: with 4 batches of 32 a step learns from 128 rows, in the memory of 32.
    /// BatchNorm still sees the batches one by one, and row and class weights are shares within each. The last step of an epoch may have fewer.
    /// </summary>
    /// <value>Default 1; at least 1.</value>
    public int AccumulateBatches { get; init; } = 1;

    /// <summary>Where the first weights come from: another model, to go on with it or to transfer what it learned.</summary>
    /// <value>Default null: they are drawn.</value>
    public StartFrom? StartFrom { get; init; }

    /// <summary>
    /// Weights that stay as they are, by the beginnings of their paths, whole parts of them: <c>features</c> stands for
    /// <c>features.0.weight</c>. Their BatchNorm layers use and keep their running statistics.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<string> Frozen { get; init => field = value is null ? null! : [.. value]; } = [];

    /// <summary>Saves where training stands, so that one that was killed goes on as if it had never stopped.</summary>
    /// <value>Default null, none.</value>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>
    /// How long Fit may take, reading the rows included. Then it ends after the current batch, but not before the first, and returns what was
    /// learned, with <see cref="StopReason.TimeBudget"/>: the best epoch's weights where there are validation rows, else the last.
    /// </summary>
    /// <value>Default null, as long as it takes; more than zero.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Seed of the initial weights, the shuffling, dropout and the validation share.</summary>
    /// <value>Default null: the seed of the MLContext, or, where it has none, a random one (told by <see cref="TrainingHistory.Seed"/>).</value>
    public int? Seed { get; init; }

    /// <summary>Number of threads LibTorch trains with.</summary>
    /// <value>Default null: as <c>torch.set_num_threads</c> or the variable OMP_NUM_THREADS say, else one for each processor; 1 to 256. LibTorch
    /// itself starts with 1, so a 1 that was set before CnnMlNet was first used is not seen: say it here.</value>
    public int? Threads { get; init; }

    /// <summary>
    /// Number of threads that read the rows, by as many cursors of the view, so that images are decoded in parallel, and that gather, augment
    /// and scale the images of the next batch while the network computes on this one; what PyTorch's DataLoader calls num_workers. The latter are
    /// threads of .NET's pool; the training thread takes over what none has begun. The result is the same whatever the number.
    /// </summary>
    /// <value>Default null: one for each processor; for batches at most 8, fewer where these are too small to divide; 1 to 256.</value>
    public int? LoadingThreads { get; init; }

    /// <summary>Where to train.</summary>
    /// <value>Default null: as <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> say; the CPU where they are not set.</value>
    public ComputeDevice? Device { get; init; }

    /// <summary>
    /// Called on the training thread after every <see cref="ReportEvery"/>th batch and the last of an epoch. An exception it throws ends the
    /// training and reaches the caller of Fit.
    /// </summary>
    /// <value>Default null.</value>
    public Action<BatchReport>? OnBatchEnd { get; init; }

    /// <summary>Batches from one call of <see cref="OnBatchEnd"/> to the next. On a GPU each call waits for the steps before it.</summary>
    /// <value>Default 1; at least 1.</value>
    public int ReportEvery { get; init; } = 1;

    /// <summary>Called on the training thread after each epoch. An exception it throws ends the training and reaches the caller of Fit.</summary>
    /// <value>Default null.</value>
    public Action<EpochReport>? OnEpochEnd { get; init; }

    /// <summary>
    /// Ends the training after the current batch; Fit then returns what has been learned, with <see cref="StopReason.Cancelled"/>: the weights
    /// of the best epoch where there are validation rows and an epoch was finished, else the last. Set before the first step it makes Fit throw <see cref="OperationCanceledException"/>.
    /// <c>MLContext.CancelExecution</c> does the same.
    /// </summary>
    /// <value>Default none.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Asked for a token at the beginning of each Fit, beside <see cref="CancellationToken"/>: a token that was set once stays set, so a
    /// pipeline that is to be fitted again after a cancelled run takes its tokens from here.
    /// </summary>
    /// <value>Default null.</value>
    public Func<CancellationToken>? NewCancellationToken { get; init; }

    /// <summary>Asked at the beginning of each Fit for what shows it, or null, and given where to tell that it cannot any more. Null for nothing.</summary>
    internal Func<Action<string>, ITrainingDisplay?>? NewDisplay { get; init; }
}
