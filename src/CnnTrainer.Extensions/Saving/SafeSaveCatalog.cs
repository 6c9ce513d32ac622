using System.IO.Compression;
using CnnMlNet.Persistence;

namespace Microsoft.ML;

/// <summary>Puts safe saving on the MLContext.</summary>
public static class SafeSaveCatalog
{
    /// <summary>
    /// Saves as <c>ml.Model.Save</c> does, but so that <paramref name="path"/> is at every moment either the file that was there before or
    /// the whole new one. <c>Save</c> empties the old file first: a full disk or a killed process then leaves no model at all.
    /// </summary>
    /// <remarks>The model is written to a new file in the same folder (<c>.NAME.*.tmp</c>), flushed to the disk, read back as far as its
    /// directory, and renamed. The temporary file goes when saving fails; a process that is killed leaves it behind. Where several save to
    /// one path at a time the last to finish stays. A symbolic link is followed, and on Unix the old file's permissions are kept.</remarks>
    /// <param name="catalog">The model operations of an MLContext.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The schema of what it was fitted on; null to save none.</param>
    /// <param name="path">The file; its folder must be there, and have room for a second copy.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written; the one that was there before is as it was.</exception>
    public static void SaveSafely(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ReplacedFile.Write("The model", path, stream =>
        {
            catalog.Save(model, inputSchema, stream);
            CheckZip(stream);
        });
    }

    // ML.NET's writer keeps silent when it cannot write the zip's directory, which stands at the end.
    private static void CheckZip(FileStream stream)
    {
        stream.Position = 0;
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        _ = zip.Entries.Count;
    }
}
