using CnnMlNet.Cifar10;
using CnnMlNet.ImageFiles;

namespace Microsoft.ML;

/// <summary>Puts the reader of CIFAR-10 on the MLContext.</summary>
public static class Cifar10Catalog
{
    private static readonly string[] PublishedNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>
    /// Reads the binary version of CIFAR-10 (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html), plain or gzip: a column
    /// <c>Features</c> of images, vectors of Single with the dimensions [3, 32, 32] (red, green, blue) and values 0 to 255, and a column
    /// <c>Label</c> of text, <c>airplane</c> to <c>truck</c>.
    /// </summary>
    /// <remarks>A file has records of 3,073 bytes: a label of 0 to 9, then 1,024 pixels of red, of green and of blue, row by row. The length of a
    /// plain file is checked at once; all else is read by the first cursor, checked to the last byte, and kept as bytes, one a pixel. The number of
    /// rows of gzip files is known once they are read. Thread safe.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="paths">The files, at least one, whose rows follow one another: <c>data_batch_1.bin</c>, <c>data_batch_2.bin</c> ...</param>
    /// <exception cref="ArgumentException">There is no path, or one is empty.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is empty, damaged, not made of whole records, or has a label above 9 (found by the first cursor, as
    /// is the length of a gzip file); the message gives the path and offset.</exception>
    public static IDataView LoadFromCifar10(this DataOperationsCatalog catalog, params IReadOnlyList<string> paths) =>
        LoadFromCifar10(catalog, paths, classNames: null);

    /// <summary>As <see cref="LoadFromCifar10(DataOperationsCatalog, IReadOnlyList{string})"/>, with other names.</summary>
    /// <inheritdoc cref="LoadFromCifar10(DataOperationsCatalog, IReadOnlyList{string})"/>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="paths">The files, at least one, whose rows follow one another.</param>
    /// <param name="classNames">Names of the ten classes, counting from 0; null (the default) for the published ones.</param>
    /// <param name="featureColumnName">Name of the column of images. Default <c>Features</c>.</param>
    /// <param name="labelColumnName">Name of the column of labels. Default <c>Label</c>.</param>
    /// <exception cref="ArgumentException">There is no path, a path or name is empty, there are not ten class names, or both columns have the same name.</exception>
    public static IDataView LoadFromCifar10(
        this DataOperationsCatalog catalog, IReadOnlyList<string> paths, IReadOnlyList<string>? classNames = null,
        string featureColumnName = "Features", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("There is no path: name at least one file, such as data_batch_1.bin.", nameof(paths));
        foreach (var path in paths) ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(paths));
        ImageFileView.CheckNames(classNames, featureColumnName, labelColumnName);
        if (classNames is not null && classNames.Count != Cifar10File.Classes)
            throw new ArgumentException($"There are {classNames.Count} class names; CIFAR-10 has {Cifar10File.Classes} classes.", nameof(classNames));
        return new Cifar10View([.. paths.Select(path => new Cifar10File(path))], classNames ?? PublishedNames, featureColumnName, labelColumnName);
    }
}
