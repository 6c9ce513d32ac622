using CnnMlNet.Idx;

namespace Microsoft.ML;

/// <summary>Puts the IDX reader on the MLContext.</summary>
public static class IdxCatalog
{
    /// <summary>
    /// Reads images and labels in the IDX format of MNIST (http://yann.lecun.com/exdb/mnist), plain or gzip: the column Image, a vector
    /// of Single with the dimensions [1, height, width] and values 0 to 255, and the column Label, text.
    /// </summary>
    /// <remarks>The headers are checked at once; the pixels are read by the first cursor and kept as bytes, one a pixel. Thread safe.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="imagesPath">File of magic 0x00000803: unsigned bytes in three dimensions.</param>
    /// <param name="labelsPath">File of magic 0x00000801: unsigned bytes in one dimension.</param>
    /// <param name="classNames">Name of each label, counting from 0; null (the default) for the numbers themselves.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has another magic, is shorter or longer than its header says (found by the first cursor
    /// where the file is gzip), the counts differ, or a label has no name; the message gives the path and offset.</exception>
    public static IDataView LoadFromIdx(this DataOperationsCatalog catalog, string imagesPath, string labelsPath, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(imagesPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelsPath);
        return new IdxView(IdxFile.Images(imagesPath), IdxFile.Labels(labelsPath), classNames);
    }
}
