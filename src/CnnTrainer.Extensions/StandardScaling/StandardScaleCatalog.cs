using CnnMlNet;

namespace Microsoft.ML;

/// <summary>Puts the standard scaler on the MLContext.</summary>
public static class StandardScaleCatalog
{
    /// <summary>
    /// Subtracts the mean and divides by the standard deviation, both learned from the rows Fit sees: scikit-learn's StandardScaler
    /// (population variance; a constant feature keeps the scale 1). Unlike <c>NormalizeMeanVariance</c> it centres by default.
    /// </summary>
    /// <param name="catalog">The transforms of an MLContext.</param>
    /// <param name="outputColumnName">The column made; a vector of Single of the input's length.</param>
    /// <param name="inputColumnName">The column read, a vector of Single of known length; null (the default) for <paramref name="outputColumnName"/>.</param>
    /// <param name="mode">What shares one mean and one scale. Default: each feature has its own.</param>
    /// <param name="imageShape">Shape of the images; used by <see cref="ScalingMode.PerChannel"/> where the column has no dimensions [C, H, W].</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static StandardScalingEstimator StandardScale(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        ScalingMode mode = ScalingMode.PerFeature, ImageShape? imageShape = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new StandardScalingEstimator(outputColumnName, inputColumnName, mode, imageShape);
    }
}
