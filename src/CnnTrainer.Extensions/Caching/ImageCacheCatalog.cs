using CnnMlNet;
using CnnMlNet.Interop;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts the image cache on the MLContext.</summary>
public static class ImageCacheCatalog
{
    /// <summary>
    /// Reads all rows of a view, once, here, and keeps them in memory, so that no later run reads or decodes them again: cross validation, sweeps,
    /// scoring. Many trainings learn from the one copy (see <see cref="ImageCache"/>).
    /// </summary>
    /// <remarks>Columns that another of the same name hides are left out. A vector that is no image ends this; an image that cannot be used (of a column of
    /// images, see <see cref="CnnTrainerOptions.BadImages"/>), and a value of another column, is told by the cursor that asks for it.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows: at least images (<see cref="MLImage"/>), or a vector of Single or Byte of known length. It is not disposed.</param>
    /// <param name="featureColumnName">The column with the images. Default <c>Features</c>.</param>
    /// <returns>The cache. The caller disposes it after the last use.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type, its images have no size,
    /// or another column cannot be kept: what is no number, key, text, time or vector of them, such as an image object.</exception>
    /// <exception cref="InvalidDataException">A vector has another length or a value that is not finite.</exception>
    /// <exception cref="OperationCanceledException"><c>MLContext.CancelExecution</c> was called.</exception>
    public static ImageCache CacheImages(this DataOperationsCatalog catalog, IDataView data, string featureColumnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return new ImageCache(MlNetInternals.EnvironmentOf(catalog), data, new CnnTrainerOptions { FeatureColumnName = featureColumnName });
    }

    /// <summary>The same for trainings with certain options: a column of images keeps what these make of them, decoded and in their size.</summary>
    /// <inheritdoc cref="CacheImages(DataOperationsCatalog, IDataView, string)"/>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows: at least images (<see cref="MLImage"/>), or a vector of Single or Byte of known length. It is not disposed.</param>
    /// <param name="options">Its FeatureColumnName says the column; of images, its ImageShape, ImageResizing and MostImagePixels what becomes of them. Vectors stay as they are.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static ImageCache CacheImages(this DataOperationsCatalog catalog, IDataView data, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new ImageCache(MlNetInternals.EnvironmentOf(catalog), data, options);
    }
}
