using CnnMlNet.Idx;
using CnnMlNet.ImageFiles;

namespace Microsoft.ML;

/// <summary>Puts the IDX reader on the MLContext.</summary>
public static class IdxCatalog
{
    /// <summary>
    /// Reads images and labels in the IDX format of MNIST (http://yann.lecun.com/exdb/mnist), plain or gzip: a column of images, vectors
    /// of Single with the dimensions [channels, height, width] and values 0 to 255, and a column of labels, text.
    /// </summary>
    /// <remarks>The headers are checked at once; the pixels are read by the first cursor, checked to the last byte, and kept as bytes, one a
    /// pixel. Thread safe.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="imagesPath">Unsigned bytes: a file of magic 0x00000803 with the dimensions (images, height, width), one channel, or of
    /// magic 0x00000804 with the dimensions (images, channels, height, width).</param>
    /// <param name="labelsPath">A file of magic 0x00000801: unsigned bytes in one dimension; null (the default) for images without labels, whose
    /// label is the empty text, as scoring takes them.</param>
    /// <param name="classNames">Name of each label, counting from 0; null (the default) for the numbers themselves.</param>
    /// <param name="featureColumnName">Name of the column of images. Default <c>Features</c>.</param>
    /// <param name="labelColumnName">Name of the column of labels. Default <c>Label</c>.</param>
    /// <exception cref="ArgumentException">A path or name is empty, or both columns have the same name.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has another magic, is damaged, shorter or longer than its header says (found by the first
    /// cursor where the file is gzip), the counts differ, or a label has no name; the message gives the path and offset.</exception>
    public static IDataView LoadFromIdx(
        this DataOperationsCatalog catalog, string imagesPath, string? labelsPath = null, IReadOnlyList<string>? classNames = null,
        string featureColumnName = "Features", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(imagesPath);
        if (labelsPath is not null) ArgumentException.ThrowIfNullOrWhiteSpace(labelsPath);
        ImageFileView.CheckNames(classNames, featureColumnName, labelColumnName);
        return new IdxView(IdxFile.Images(imagesPath), labelsPath is null ? null : IdxFile.Labels(labelsPath), classNames, featureColumnName, labelColumnName);
    }
}
