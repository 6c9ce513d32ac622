using System.Globalization;
using System.Runtime.InteropServices;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Reports;

/// <summary>Pictures of the inside of a network.</summary>
internal sealed class InsightPart(MLContext ml, CnnTransformer model, (float Min, float Max) range)
{
    private const int MostLayers = 2, MostFilters = 64, MostMaps = 16, MostImages = 2, MostHeatMaps = 10;

    /// <summary>The filters of the first convolutions.</summary>
    public static List<TileGroup> Filters(CnnModel model) => [.. Pictures.Convolutions(model).Take(MostLayers)
        .Where(path => model.GetWeights(path + ".weight").Values.All(float.IsFinite)).Select(path => Pictures.FilterTiles(model, path)).Select(filters => new TileGroup(
            filters.Title,
            "The weights of each filter, from its smallest (black) to its largest (white). The number below is the filter's, or filter:channel. Mere noise: the layer has learned little.",
            [.. filters.Tiles.Take(MostFilters).Select(tile => TileMaker.Of(tile, "filter " + tile.Caption, [tile.Caption]))], IsSmall: true))];

    /// <summary>What the first convolutions make of some images.</summary>
    public List<TileGroup> Maps(IReadOnlyList<KeptImage> images)
    {
        var chosen = images.Take(MostImages).ToList();
        var layers = model.Model.Content.Plan().SelectMany(layer => layer.Flatten())
            .Where(layer => layer.Layer is ConvLayer && layer.Output.Height * layer.Output.Width > 1).Take(MostLayers).ToList();
        if (chosen.Count == 0 || layers.Count == 0) return [];
        using var asked = model.With([.. layers.Select((layer, i) => ExtraColumn.Embedding(Name(i), layer.Path))]);
        var scored = asked.Transform(Rows(chosen));
        return [.. layers.SelectMany((layer, i) => scored.GetColumn<float[]>(Name(i)).ToList().Zip(chosen, (map, image) => Maps(layer, map, image)))];

        static string Name(int layer) => "Report.Map" + layer.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Where the predicted class of some images comes from: each beside itself with its heat map.</summary>
    public List<TileGroup> Attention(IReadOnlyList<KeptImage> mistakes, IReadOnlyList<KeptImage> samples)
    {
        var asked = ExtraColumn.GradCam("Report.Heat");
        List<KeptImage> images = [.. mistakes, .. samples.Where(image => image.Row.IsRight)];
        var content = model.Model.Content;
        if (images.Count == 0 || asked.Misfits(content.Head, content.Plan).Any()) return [];   // no convolution, for example
        using var explained = model.With([asked]);
        var heated = images.Zip(explained.Transform(Rows(images)).GetColumn<float[]>(asked.Name).ToList()).Where(pair => pair.Second.Max() > 0).ToList();
        var shown = heated.Where(pair => !pair.First.Row.IsRight).Take(MostHeatMaps).Concat(heated.Where(pair => pair.First.Row.IsRight).Take(MostHeatMaps));
        var empty = heated.Count == images.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" {images.Count - heated.Count} of {images.Count} images have no map: no channel of the layer speaks for their class.");
        return [new TileGroup(
            "Where the prediction comes from",
            "Bright: what speaks for the predicted class (Grad-CAM). Mistakes first, then hits. Bright beside the object: the network goes by its surroundings." + empty,
            [.. shown.Select(pair => Heated(pair.First, pair.Second))], IsSmall: false)];
    }

    private ImageTile Heated(KeptImage image, float[] heat)
    {
        var shape = model.Model.ImageShape;
        var (values, size) = TileMaker.Shrink(image.Shown, shape with { Channels = shape.Channels == 3 ? 3 : 1 });
        var (small, _) = TileMaker.Shrink(heat, shape with { Channels = 1 });
        var tile = TileMaker.Of(image, shape, model.Model.ClassNames, range);
        var overlay = TileMaker.Of(PictureTile.OfHeat(values, size, small, range.Min, range.Max), "", []);
        return tile with { Source = overlay.Source, Text = tile.Text + "; bright is what speaks for it" };
    }

    private TileGroup Maps(PlannedLayer layer, float[] map, KeptImage image)
    {
        var output = layer.Output;
        var (shape, size) = (new ImageShape(1, (int)output.Height, (int)output.Width), (int)(output.Height * output.Width));
        int shown = (int)Math.Min(MostMaps, output.Channels);
        string name = model.Model.ClassNames[image.Row.Truth], number = image.Row.Row.ToString(CultureInfo.InvariantCulture);
        var maps = Enumerable.Range(0, shown).Select(channel =>
        {
            var (values, small) = TileMaker.Shrink(map.AsSpan(channel * size, size), shape);
            return TileMaker.Of(PictureTile.OfImage(values, small), $"channel {channel} of layer {layer.Path}", [channel.ToString(CultureInfo.InvariantCulture)]);
        });
        return new TileGroup(
            $"Layer {layer.Path}: what it makes of test row {number} ({name})",
            $"The image, then {(shown == output.Channels ? "the" : $"the first {shown} of {output.Channels}")} channels of {layer.Layer}: bright where the filter of that number answers.",
            [TileMaker.Of(TileMaker.Picture(image.Shown, model.Model.ImageShape, range), $"test row {number}, {name}", ["image"]), .. maps], IsSmall: true);
    }

    /// <summary>The images as a view that the network reads.</summary>
    private IDataView Rows(IReadOnlyList<KeptImage> images)
    {
        var format = model.Model.Content.Format;
        if (format.IsOfImages) return View(images.Select(image => new PhotographRow { Features = ToImage(image.Seen, format.Shape) }), null);
        return format.Type == PixelType.Byte ? View(images.Select(image => new ByteRow { Features = image.Seen }), model.FeatureColumnType)
            : View(images.Select(image => new SingleRow { Features = MemoryMarshal.Cast<byte, float>(image.Seen).ToArray() }), model.FeatureColumnType);

        IDataView View<T>(IEnumerable<T> rows, DataViewType? type) where T : class
        {
            var schema = SchemaDefinition.Create(typeof(T));
            schema[0].ColumnName = model.FeatureColumnName;
            if (type is not null) schema[0].ColumnType = type;
            return ml.Data.LoadFromEnumerable(rows.ToList(), schema);
        }
    }

    private static MLImage ToImage(byte[] planes, ImageShape shape)
    {
        int plane = shape.Height * shape.Width;
        var pixels = new byte[4 * plane];
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < 3; channel++) pixels[4 * i + channel] = planes[channel % shape.Channels * plane + i];
            pixels[4 * i + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(shape.Width, shape.Height, MLPixelFormat.Rgba32, pixels);
    }

    private sealed class SingleRow
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class ByteRow
    {
        public byte[] Features { get; set; } = [];
    }

    private sealed class PhotographRow
    {
        [ImageType(1, 1)]   // ML.NET wants a size; the network looks at each image's own
        public MLImage? Features { get; set; }
    }
}
