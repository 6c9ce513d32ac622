using CnnMlNet;
using CnnMlNet.ImageFolders;
using CnnMlNet.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Puts the reader of image folders on the MLContext.</summary>
public static class ImageFolderCatalog
{
    private static readonly string[] KnownExtensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    /// <summary>
    /// Lists the images of a folder that has a subfolder for each class, named after it, with the files in it at any depth. Rows are sorted by class and
    /// path (ordinal), the same on every system. No image is opened: <c>ml.Transforms.LoadImages("Image", imageFolder: "", "ImagePath")</c> does that.
    /// </summary>
    /// <remarks>Hidden files and folders, files of other types, images in the folder itself (they have no class) and subfolders without images are left out,
    /// counted in the result and in a warning of <c>MLContext.Log</c>. Links are followed, to a folder once for each class. Behind transforms that compute
    /// row by row the result's <see cref="ImageFolder.GetRowCursorSet"/> gives one cursor for each thread.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="pathColumnName">Name of the column of full paths, text. Default <c>ImagePath</c>.</param>
    /// <param name="labelColumnName">Name of the column of class names, text. Default <c>Label</c>.</param>
    /// <param name="extensions">Ends of the names of images, such as <c>.png</c>, in any case; null (the default) for .jpg, .jpeg, .png, .bmp, .gif and .webp.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no subfolder, or there is no image in them.</exception>
    /// <exception cref="ArgumentException">A name or an extension is not possible.</exception>
    public static ImageFolder LoadImageFolder(
        this DataOperationsCatalog catalog, string folder, string pathColumnName = "ImagePath", string labelColumnName = "Label", IReadOnlyList<string>? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(pathColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumnName);
        if (pathColumnName == labelColumnName)
            throw new ArgumentException($"Paths and labels cannot both be the column '{labelColumnName}'.", nameof(labelColumnName));
        extensions ??= KnownExtensions;
        if (extensions.FirstOrDefault(extension => extension is not ['.', _, ..]) is { } wrong)
            throw new ArgumentException($"'{wrong}' is no extension: they begin with a dot, as .png does.", nameof(extensions));
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        var files = new FolderListing(path, extensions);
        Check(path, files, extensions);
        using var channel = MlNetInternals.EnvironmentOf(catalog).Register(nameof(ImageFolder)).Start("Listing");
        if (files.IsWhole) channel.Info(MessageSensitivity.None, $"{files}.");
        else channel.Warning(MessageSensitivity.None, $"{files}.");
        return new ImageFolder(path, files, pathColumnName, labelColumnName);
    }

    private static void Check(string path, FolderListing files, IReadOnlyList<string> extensions)
    {
        if (files.Rows.Count > 0) return;
        throw new InvalidDataException(files.EmptyFolders.Count == 0
            ? $"The folder '{path}' has no subfolders; one for each class, named after it, is needed" +
                (files.SkippedWithoutClass > 0 ? FormattableString.Invariant($". There are {files.SkippedWithoutClass} images in the folder itself, which have no class.") : ".")
            : FormattableString.Invariant($"The folder '{path}' has no images in its {files.EmptyFolders.Count} subfolders; ") +
                FormattableString.Invariant($"{files.SkippedTypes} files there are not {string.Join(", ", extensions)} (see the parameter extensions)."));
    }
}
