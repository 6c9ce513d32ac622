using System.Globalization;

namespace CnnMlNet;

public static partial class Pictures
{
    private const string WeightSuffix = ".weight";
    private const double Margin = 16, Gap = 8, CaptionSize = 11, CaptionHeight = 18;
    private const int TileSide = 96, LongCaption = 180, FilterSide = 40, MostFilters = 16;

    /// <summary>Images side by side, each with its caption below.</summary>
    /// <param name="tiles">The images, row by row.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="title">What stands above; null for nothing.</param>
    /// <param name="scale">Pixels of the picture for a pixel of an image, at least 1. Default as many as keep the largest image's longer side within 96
    /// (at least 1).</param>
    /// <exception cref="ArgumentException">There are no images.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Columns or scale are below 1.</exception>
    public static SvgPicture Images(IReadOnlyList<PictureTile> tiles, int columns, string? title = null, int? scale = null)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (scale is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(scale));
        if (tiles.Count == 0) throw new ArgumentException("There are no images to draw.", nameof(tiles));
        int zoom = scale ?? Zoom(tiles, TileSide);
        double height = zoom * tiles.Max(tile => tile.Height), width = zoom * tiles.Max(tile => tile.Width);
        double widest = tiles.Max(tile => SvgCanvas.WidthOf(tile.Caption, CaptionSize)), caption = widest > 0 ? CaptionHeight : 0;
        width = Math.Max(width, Math.Min(widest, Math.Max(2 * width, LongCaption)));   // a longer caption is cut
        double top = title is null ? Margin : Top, right = 2 * Margin + Math.Min(columns, tiles.Count) * (width + Gap) - Gap;
        if (title is not null) right = Math.Max(right, Math.Min(Width, 2 * Margin + SvgCanvas.WidthOf(title, TitleSize)));
        var canvas = new SvgCanvas();
        if (title is not null) canvas.Fitted(Margin, 28, title, right - 2 * Margin, "start", TitleSize);
        foreach (var (i, tile) in tiles.Index())
        {
            double x = Margin + i % columns * (width + Gap) + width / 2, y = top + i / columns * (height + caption + Gap);
            double left = x - zoom * tile.Width / 2.0;
            canvas.Image(left, y, zoom * tile.Width, zoom * tile.Height, tile.ToPng(zoom));
            canvas.Rectangle(left, y, zoom * tile.Width, zoom * tile.Height, null, SvgCanvas.Faint);   // or a white image would have no edge
            if (tile.Caption != "") canvas.Fitted(x, y + height + 13, tile.Caption, width, "middle", CaptionSize, tile.IsWrong ? SvgCanvas.Warning : null);
        }

        return canvas.Finish(right, top + (tiles.Count + columns - 1) / columns * (height + caption + Gap) - Gap + Margin, title ?? "Images");
    }

    /// <summary>
    /// The filters of a convolution, each in shades from its own smallest weight (black) to its largest (white). Of an image with 1 channel a grey
    /// tile for each filter, of one with 3 a coloured tile; of others a row for each filter with a tile for each input channel. At most 16 x 16 tiles:
    /// the title says what is left out.
    /// </summary>
    /// <param name="model">The trained network.</param>
    /// <param name="layer">Path of the convolution, as <c>0</c> or <c>stem.conv</c>. Default the first one of the network.</param>
    /// <exception cref="ArgumentException">The network has no such layer, or it is no convolution; the message lists those there are.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static SvgPicture Filters(CnnModel model, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var convolutions = Convolutions(model);
        if (convolutions.Count == 0) throw new ArgumentException("The network has no convolution, so it has no filters to draw.", nameof(model));
        if (!convolutions.Contains(layer ??= convolutions[0]))
            throw new ArgumentException($"The network has no convolution with the path '{layer}'. There are: {string.Join(", ", convolutions)}.", nameof(layer));
        var (title, columns, tiles) = FilterTiles(model, layer);
        return Images(tiles, columns, title, Zoom(tiles, FilterSide));
    }

    /// <summary>Paths of the convolutions.</summary>
    internal static List<string> Convolutions(CnnModel model) => [.. model.WeightPaths
        .Where(path => path.EndsWith(WeightSuffix, StringComparison.Ordinal) && model.Network.Weights[path].shape.Length == 4).Select(path => path[..^WeightSuffix.Length])];

    /// <summary>What <see cref="Filters"/> draws of a convolution.</summary>
    internal static (string Title, int Columns, List<PictureTile> Tiles) FilterTiles(CnnModel model, string layer)
    {
        var weights = model.GetWeights(layer + WeightSuffix);
        float[] values = [.. weights.Values];
        int filters = (int)weights.Shape[0], inputs = (int)weights.Shape[1], height = (int)weights.Shape[2], width = (int)weights.Shape[3];
        bool whole = inputs is 1 or 3;   // one tile a filter
        var shape = new ImageShape(whole ? inputs : 1, height, width);
        int size = (int)shape.Size, perFilter = whole ? 1 : inputs, columns = whole ? MostFilters : Math.Min(inputs, MostFilters);
        int rows = Math.Min(filters, whole ? MostFilters * MostFilters : MostFilters);
        var tiles = Enumerable.Range(0, rows).SelectMany(filter => Enumerable.Range(0, whole ? 1 : columns).Select(input =>
        {
            var caption = whole ? Text(filter) : $"{Text(filter)}:{Text(input)}";
            var image = values.AsSpan((filter * perFilter + input) * size, size);
            return size > 1 ? PictureTile.OfImage(image, shape, caption)
                : PictureTile.OfImage(image, shape, caption, values.Min(), values.Max());   // one value has no range of its own
        })).ToList();
        var channels = $"{Share(whole ? inputs : columns, inputs)} channel{(inputs == 1 ? "" : "s")}";
        return ($"Layer {layer}: {Share(rows, filters)} filters of {Text(height)} x {Text(width)} over {channels}", columns, tiles);
    }

    private static string Share(int part, int all) => part == all ? Text(all) : $"{Text(part)} of {Text(all)}";

    private static int Zoom(IReadOnlyList<PictureTile> tiles, int side) => Math.Max(1, side / tiles.Max(tile => Math.Max(tile.Width, tile.Height)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
