using CnnMlNet;
using CnnMlNet.Duplicates;
using CnnMlNet.Interop;

namespace Microsoft.ML;

/// <summary>Puts the search for duplicates on the MLContext.</summary>
public static class DuplicateCatalog
{
    /// <summary>
    /// Looks for images that are on both sides of a split: equal ones, and near-equal ones, such as copies that were scaled, made brighter or compressed
    /// again. A test on images that the network has learned says nothing about others.
    /// </summary>
    /// <remarks>
    /// <para>Images are equal where all values are. They are near-equal where their difference hashes differ in few bits: the image in grey (the mean of
    /// channels) is averaged over 8 rows of 9 fields, and each of 64 bits says whether a field is brighter than the one to its left (the dHash of N. Krawetz,
    /// <i>Kind of Like That</i>, 2013; here by more than 1/64 of the range of all fields, so that noise in an even background changes nothing). That is a hint to look at the pair, not a proof: small or simple images, such as digits, are often alike without being
    /// copies. Images of one brightness have no such hash and are compared for equality alone.</para>
    /// <para>Each side is read once; 32 bytes an image are kept, no pixels. Pairs are found by bits that they share, not by comparing all with all.</para>
    /// </remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="train">One side.</param>
    /// <param name="test">The other side, with a column of the same type.</param>
    /// <param name="columnName">The images: a vector of Single or Byte with the dimensions [C, H, W]; or text, paths of files, whose bytes are then compared for
    /// equality alone. Default <c>Features</c>.</param>
    /// <param name="maxDistance">Bits of 64 that the hashes of near-equal images may differ in, 0 to 16. Default 3.</param>
    /// <param name="maxPairs">Pairs to list, the most alike first; 0 or more. All are counted. Default 100.</param>
    /// <param name="imageShape">Shape of the images; null (the default) for that of the column's dimensions.</param>
    /// <param name="interleaved">Whether the channels of a pixel lie together, [H, W, C]. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or a column is missing, of another type, or other than on the other side.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static DuplicateReport FindDuplicates(
        this DataOperationsCatalog catalog, IDataView train, IDataView test, string columnName = "Features", int maxDistance = 3, int maxPairs = 100,
        ImageShape? imageShape = null, bool interleaved = false)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, 16);
        ArgumentOutOfRangeException.ThrowIfNegative(maxPairs);
        var environment = MlNetInternals.EnvironmentOf(catalog);
        var host = environment.Register(nameof(FindDuplicates));
        var images = new ComparedImages(train.Schema, test.Schema, columnName, imageShape, interleaved);
        var search = new DuplicateSearch(images.Read(train, isTrain: true, host), images.Read(test, isTrain: false, host), maxDistance, maxPairs);
        return search.Run(columnName, images.AreFiles);
    }
}
