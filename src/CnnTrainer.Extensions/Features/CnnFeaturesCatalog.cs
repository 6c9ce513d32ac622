using CnnMlNet;

namespace Microsoft.ML;

/// <summary>Puts a trained network as a featuriser on the MLContext.</summary>
public static class CnnFeaturesCatalog
{
    /// <summary>
    /// What a layer of a trained network gives for each image, as features of a trainer that follows. Nothing is trained. It reads the
    /// model's own feature column and looks at the views of its test-time augmentation, where it has one.
    /// </summary>
    /// <param name="catalog">The transforms of an MLContext.</param>
    /// <param name="model">The trained network. It must not be disposed before Fit; what Fit returns shares its weights and outlives it.</param>
    /// <param name="layer">The layer's path (see <see cref="ExtraColumn.Embedding"/>). Default null: the penultimate layer.</param>
    /// <param name="outputColumnName">The column made, a vector of Single: the layer's output, flattened. Default <c>CnnFeatures</c>.</param>
    /// <exception cref="ArgumentException">No layer has the path (the message lists those there are), or the name is empty or that of the feature column.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static CnnFeaturesEstimator CnnFeatures(
        this TransformsCatalog catalog, CnnTransformer model, string? layer = null, string outputColumnName = "CnnFeatures")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CnnFeaturesEstimator(model, layer, outputColumnName);
    }
}
