using System.Globalization;
using CnnMlNet;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts pictures of what layers give on the MLContext.</summary>
public static class FeatureMapCatalog
{
    private const int MostMaps = 256;
    private const string MapColumn = "CnnMlNet.FeatureMaps";   // no column of the data

    /// <summary>
    /// Draws what the channels of a layer give for an image: each from its own smallest value (black) to its largest (white), since channels differ in
    /// range; a channel that is the same everywhere is black. 256 channels at most: the title says what is left out.
    /// </summary>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="model">The trained model.</param>
    /// <param name="data">Rows as the model scores them; it is read as far as the row.</param>
    /// <param name="layer">The layer's path, as <see cref="ExtraColumn.Embedding"/> takes it: <c>0</c>, <c>stem.1</c>. Its output must be an image.</param>
    /// <param name="row">The row, counting from 0. Default 0.</param>
    /// <param name="columns">Channels in a row of the picture, at least 1. Default 8.</param>
    /// <exception cref="ArgumentException">There is no such layer, or its output is no image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, there are no so many rows, or the feature column does not fit.</exception>
    /// <exception cref="InvalidDataException">The layer gives values that are not finite.</exception>
    public static SvgPicture DrawFeatureMaps(this DataOperationsCatalog catalog, CnnTransformer model, IDataView data, string layer, long row = 0, int columns = 8)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var plan = model.Model.Content.Plan().SelectMany(planned => planned.Flatten()).ToList();
        var output = (plan.Find(planned => planned.Path == layer) ?? throw new ArgumentException(
            $"The network has no layer with the path '{layer}'. There are: {string.Join(", ", plan.Select(planned => planned.Path))}.", nameof(layer))).Output;
        int height = (int)output.Height, width = (int)output.Width, channels = (int)output.Channels, size = height * width;
        if (size <= 1) throw new ArgumentException($"The layer '{layer}' gives no image but {channels} values: choose one before it.", nameof(layer));
        using var asked = model.With([ExtraColumn.Embedding(MapColumn, layer)]);
        var one = catalog.TakeRows(row == 0 ? data : catalog.SkipRows(data, row), 1);
        var values = asked.Transform(one).GetColumn<float[]>(MapColumn).FirstOrDefault()
            ?? throw new ArgumentOutOfRangeException(nameof(row), row, "The data have no so many rows.");
        if (!values.All(float.IsFinite)) throw new InvalidDataException($"The layer '{layer}' gives values that are not finite for row {row}.");
        var tiles = Enumerable.Range(0, Math.Min(channels, MostMaps)).Select(channel => PictureTile.OfImage(
            values.AsSpan(channel * size, size), new ImageShape(1, height, width), channel.ToString(CultureInfo.InvariantCulture))).ToList();
        var shown = tiles.Count == channels ? $"{channels} channels" : $"{tiles.Count} of {channels} channels";
        return Pictures.Images(tiles, columns, string.Create(CultureInfo.InvariantCulture, $"Layer {layer}, row {row}: {shown} of {height} x {width}"));
    }
}
