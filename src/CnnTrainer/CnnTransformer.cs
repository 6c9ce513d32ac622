using CnnMlNet;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Persistence;
using CnnMlNet.Rows;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(
    "", typeof(CnnTransformer), typeof(CnnTransformer), null, typeof(SignatureLoadModel), CnnTransformer.LoaderName, CnnTransformer.LoaderName)]

namespace CnnMlNet;

/// <summary>
/// Scores images with a trained network: adds columns to any view that has the feature column. The label column is not read.
/// </summary>
/// <remarks>
/// <para>The columns are those of the head, Score and PredictedLabel (and Probability, for a binary classifier; Score alone, for regression), then those of
/// <see cref="ExtraColumns"/>; a featuriser made by <c>ml.Transforms.CnnFeatures</c> adds the latter alone. One forward pass gives all that a row
/// is asked for, one for each view with <see cref="TestTimeAugmentation"/>; where only layers' outputs are asked for, it ends at the last of them. A heat map takes
/// a backward pass to its layer besides; the weights, which scorers on several threads share, get no gradient.</para>
/// <para>Transform is lazy: rows are scored in batches while a cursor moves, and only where an added column is asked for. A cursor reads its
/// source once: the first row needs no other, then it reads some rows ahead.</para>
/// <para>Thread safe, but for Dispose. The owner disposes it; a PredictionEngine does so by default, and so does a disposed
/// <see cref="TransformerChain{TLastTransformer}"/> that holds it. Disposing twice is harmless.</para>
/// </remarks>
public sealed class CnnTransformer : ISingleFeaturePredictionTransformer<CnnModel>, IDisposable
{
    internal const string LoaderName = "CnnTransformer";

    internal CnnTransformer(CnnModel model) => Model = model;

    /// <summary>The trained network, disposed with this; its weights go with the last transformer that shares them (see <see cref="With"/>).</summary>
    public CnnModel Model { get; }

    /// <summary>Name of the column with the images.</summary>
    public string FeatureColumnName => Model.Content.FeatureColumn;

    /// <summary>
    /// Type of the column with the images, as the network was trained: images of any size; or a vector of Single or Byte with the dimensions
    /// [C, H, W], or [H, W, C] where it is interleaved.
    /// </summary>
    public DataViewType FeatureColumnType => Model.Content.Format.IsOfImages ? new ImageDataViewType() : new VectorDataViewType(
        Model.Content.Format.Type == PixelType.Byte ? NumberDataViewType.Byte : NumberDataViewType.Single, Model.Content.Format.Dimensions);

    /// <summary>Name of the column with the probability of each class, the logit of a binary classifier, or the numbers of regression.</summary>
    public string ScoreColumnName => Model.Content.Outputs.Score;

    /// <summary>Name of the column with the probability of true; made by a binary classifier only.</summary>
    public string ProbabilityColumnName => Model.Content.Outputs.Probability;

    /// <summary>Name of the column with the most probable class; made by classifiers only.</summary>
    public string PredictedLabelColumnName => Model.Content.Outputs.PredictedLabel;

    /// <summary>The columns added on request, after the head's.</summary>
    public IReadOnlyList<ExtraColumn> ExtraColumns => Model.Content.Scoring.Extra;

    /// <summary>The views of each image that scoring takes the mean over.</summary>
    public TestTimeAugmentation TestTimeAugmentation => Model.Content.Scoring.Augmentation;

    /// <summary>
    /// The numbers that the network computes with when it scores; <see cref="Precision.Automatic"/> is what it chose on this machine, though a file keeps
    /// that it is to choose.
    /// </summary>
    /// <remarks>
    /// With <see cref="Precision.BFloat16"/> scores differ from those in float32 in the third digit, and a few predicted labels with them. The means over
    /// views, softmax and what is asked for of it are float32; rows of which a layer's output or a heat map is read are computed in float32 altogether.
    /// </remarks>
    public Precision ScoringPrecision => Model.Scoring.Precision;

    /// <summary>True: each row is scored on its own.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>
    /// A transformer of the same network that adds other columns, looks at other views or computes with other numbers; this one stays as it is. They share the weights: each is
    /// disposed by its owner, in any order, and the last one frees them.
    /// </summary>
    /// <param name="extraColumns">The columns added on request instead of <see cref="ExtraColumns"/>; null for the same, an empty list for none.</param>
    /// <param name="testTimeAugmentation">The views instead of <see cref="TestTimeAugmentation"/>; null for the same.</param>
    /// <param name="scoringPrecision">The numbers instead of <see cref="ScoringPrecision"/>; null for the same.</param>
    /// <exception cref="ArgumentException">A column or the views do not fit the model, or there is no such precision; the message lists all that is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public CnnTransformer With(
        IReadOnlyList<ExtraColumn>? extraColumns = null, TestTimeAugmentation? testTimeAugmentation = null, Precision? scoringPrecision = null)
    {
        var scoring = Model.Content.Scoring;
        return new CnnTransformer(Model.With(scoring with
        {
            Extra = extraColumns is null ? scoring.Extra : [.. extraColumns],
            Augmentation = testTimeAugmentation ?? scoring.Augmentation,
            Precision = scoringPrecision ?? scoring.Precision,
        }));
    }

    /// <summary>The input's columns and the added ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>The mapper that PredictionEngine uses: a row is a batch of one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Map(inputSchema);
    }

    /// <summary>A lazy view with the added columns. It stays usable until this transformer is disposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Map(input.Schema));
    }

    /// <summary>Frees the network's weights, once all transformers that share them are disposed.</summary>
    public void Dispose() => Model.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Model.CheckAlive();   // before the first byte is written
        Model.Save(MlNetInternals.BeginSave(ctx, "CNNMLNET", typeof(CnnTransformer), LoaderName));
    }

    // Called by ML.NET through reflection.
    private static CnnTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        TorchRuntime.EnsureLoaded();
        using var channel = env.Start("Loading");
        var device = TorchRuntime.Resolve(null, MlNetInternals.SettingsOf(env), channel);
        using var work = TorchRuntime.Work();
        var (content, network) = ModelFile.Read(MlNetInternals.BeginLoad(ctx), device);
        return new CnnTransformer(new CnnModel(content, network, channel));
    }

    private ScoringMapper Map(DataViewSchema schema)
    {
        Model.CheckAlive();
        return new ScoringMapper(Model.Scoring, schema, PixelColumn.Find(schema, FeatureColumnName, Model.Content.Format), Model.Content.Outputs);
    }
}
