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
    /// <param name="imageShape">What images of a column of images become, to be kept decoded: the <see cref="CnnTrainerOptions.ImageShape"/> of the trainings to come. Default
    /// null: the size that the column says, with 3 channels. Vectors stay as they are.</param>
    /// <param name="imageResizing">How images get that shape (see <see cref="CnnTrainerOptions.ImageResizing"/>). Default <see cref="ImageResizing.Fill"/>.</param>
    /// <returns>The cache. The caller disposes it after the last use.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type, its images have no size and <paramref name="imageShape"/> is not given,
    /// or another column cannot be kept: what is no number, key, text, time or vector of them, such as an image object.</exception>
    /// <exception cref="ArgumentException"><paramref name="imageResizing"/> is none.</exception>
    /// <exception cref="InvalidDataException">A vector has another length or a value that is not finite.</exception>
    /// <exception cref="OperationCanceledException"><c>MLContext.CancelExecution</c> was called.</exception>
    public static ImageCache CacheImages(
        this DataOperationsCatalog catalog, IDataView data, string featureColumnName = "Features", ImageShape? imageShape = null, ImageResizing imageResizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        if (!Enum.IsDefined(imageResizing)) throw new ArgumentException($"{imageResizing} is no ImageResizing.", nameof(imageResizing));
        return new ImageCache(MlNetInternals.EnvironmentOf(catalog), data, featureColumnName, imageShape, imageResizing);
    }
}
