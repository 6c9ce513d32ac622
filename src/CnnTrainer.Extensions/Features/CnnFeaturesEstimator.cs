using CnnMlNet.Images;
using CnnMlNet.Rows;
using CnnMlNet.Scoring;
using Microsoft.ML;

namespace CnnMlNet;

/// <summary>A trained network as a featuriser. Made by <c>ml.Transforms.CnnFeatures</c>. Immutable; thread safe.</summary>
public sealed class CnnFeaturesEstimator : IEstimator<CnnTransformer>
{
    private readonly CnnModel _model;
    private readonly ScoringOptions _scoring;

    internal CnnFeaturesEstimator(CnnTransformer model, string? layer, string outputColumnName)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model.Model;
        _scoring = new ScoringOptions([ExtraColumn.Embedding(outputColumnName, layer)], model.TestTimeAugmentation) { IsFeaturizer = true };
        _model.Check(_scoring);
    }

    /// <summary>Checks the columns; reads no row and trains nothing.</summary>
    /// <returns>A transformer that adds the features alone. It shares the model's weights; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public CnnTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        PixelColumn.Find(input.Schema, _model.Content.FeatureColumn, _model.Content.Format);
        return new CnnTransformer(_model.With(_scoring));
    }

    /// <summary>The input's columns and the features.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PixelColumn.Check(inputSchema, _model.Content.FeatureColumn);
        return Columns.Add(inputSchema, [.. _scoring.Extra[0].Shape(hasClasses: false, keyValues: [])]);
    }
}
