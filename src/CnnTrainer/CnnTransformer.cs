using CnnMlNet;
using CnnMlNet.Data;
using CnnMlNet.Interop;
using CnnMlNet.Persistence;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

[assembly: LoadableClass(
    "", typeof(CnnTransformer), typeof(CnnTransformer), null, typeof(SignatureLoadModel), CnnTransformer.LoaderName, CnnTransformer.LoaderName)]

namespace CnnMlNet;

/// <summary>
/// Scores images with a trained network: adds Score and PredictedLabel to any view that has the feature column; no label is needed.
/// </summary>
/// <remarks>
/// <para>Transform is lazy: rows are scored in batches while a cursor moves, and only where Score or PredictedLabel is asked for. The source is
/// read by two cursors, so it must give the same rows each time.</para>
/// <para>Thread safe, but for Dispose. The owner disposes it; a PredictionEngine does so by default, and so does a disposed
/// <see cref="TransformerChain{TLastTransformer}"/> that holds it. Disposing twice is harmless.</para>
/// </remarks>
public sealed class CnnTransformer : ISingleFeaturePredictionTransformer<CnnModel>, IDisposable
{
    internal const string LoaderName = "CnnTransformer";

    internal CnnTransformer(CnnModel model, string featureColumnName, string scoreColumnName, string predictedLabelColumnName) =>
        (Model, FeatureColumnName, ScoreColumnName, PredictedLabelColumnName) = (model, featureColumnName, scoreColumnName, predictedLabelColumnName);

    /// <summary>The trained network, disposed with this.</summary>
    public CnnModel Model { get; }

    /// <summary>Name of the column with the images.</summary>
    public string FeatureColumnName { get; }

    /// <summary>Type of the column with the images: a vector of Single with the dimensions [C, H, W].</summary>
    public DataViewType FeatureColumnType =>
        new VectorDataViewType(NumberDataViewType.Single, Model.ImageShape.Channels, Model.ImageShape.Height, Model.ImageShape.Width);

    /// <summary>Name of the column with the probability of each class.</summary>
    public string ScoreColumnName { get; }

    /// <summary>Name of the column with the most probable class.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>True: each row is scored on its own.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The input's columns, Score and PredictedLabel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>The mapper that PredictionEngine uses: a row is a batch of one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ScoringMapper.For(this, inputSchema);
    }

    /// <summary>A lazy view with Score and PredictedLabel added. It stays usable until this transformer is disposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, ScoringMapper.For(this, input.Schema));
    }

    /// <summary>Frees the network's weights.</summary>
    public void Dispose() => Model.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = MlNetInternals.BeginSave(ctx, "CNNMLNET", typeof(CnnTransformer), LoaderName);
        ModelFile.Write(writer, this);
    }

    // Called by ML.NET through reflection.
    private static CnnTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        TorchRuntime.EnsureLoaded();
        using var channel = env.Start("Loading");
        var device = TorchRuntime.Resolve(null, MlNetInternals.SettingsOf(env), channel);
        return ModelFile.Read(MlNetInternals.BeginLoad(ctx), device);
    }

    internal static SchemaShape AddColumns(SchemaShape input, CnnTrainerOptions options, SchemaShape.Column label)
    {
        var slotNames = new SchemaShape([MlNetInternals.Column("SlotNames", VectorKind.Vector, TextDataViewType.Instance)]);
        var keyValues = new SchemaShape((label.Annotations ?? Enumerable.Empty<SchemaShape.Column>()).Where(annotation => annotation.Name == "KeyValues"));
        var added = new[]
        {
            MlNetInternals.Column(options.ScoreColumnName, VectorKind.Vector, NumberDataViewType.Single, annotations: slotNames),
            MlNetInternals.Column(options.PredictedLabelColumnName, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, keyValues),
        };
        return Columns.Add(input, added);
    }
}
