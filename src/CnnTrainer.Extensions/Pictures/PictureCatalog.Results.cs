using System.Globalization;
using CnnMlNet;
using CnnMlNet.ClassReports;
using CnnMlNet.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public static partial class PictureCatalog
{
    private const int MostBalanceBars = 50;

    /// <summary>
    /// Draws the most certain mistakes of scored rows, or the least certain hits, with <c>predicted:true probability</c> under each. The rows are read twice:
    /// their scores, then the images of those that are drawn.
    /// </summary>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="scored">Scored rows with labels, of several classes or of two, as <c>ClassReport</c> takes them.</param>
    /// <param name="choice">Which predictions.</param>
    /// <param name="rows">Rows of images, at least 1; fewer where there are no more such predictions.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="featureColumnName">The images, as <see cref="DrawImages"/> takes them. Default <c>Features</c>.</param>
    /// <param name="labelColumnName">The true classes. Default <c>Label</c>.</param>
    /// <param name="scoreColumnName">The probabilities. Default null: <c>Score</c> for classes, <c>Probability</c> where the label is Boolean.</param>
    /// <param name="predictedLabelColumnName">The predicted classes. Default <c>PredictedLabel</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, the images cannot be drawn, there is no such choice, or there are
    /// fewer than 1 row or column.</exception>
    /// <exception cref="InvalidOperationException">There are no such predictions, or no rows with a label.</exception>
    /// <exception cref="InvalidDataException">The scores of a row are no probabilities, or its image is none.</exception>
    public static SvgPicture DrawPredictions(
        this DataOperationsCatalog catalog, IDataView scored, PredictionChoice choice, int rows, int columns, string featureColumnName = "Features",
        string labelColumnName = "Label", string? scoreColumnName = null, string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (!Enum.IsDefined(choice)) throw new ArgumentOutOfRangeException(nameof(choice), choice, "There is no such choice.");
        var images = ViewImages.Find(scored.Schema, featureColumnName);
        var found = (scored.Schema.GetColumnOrNull(labelColumnName)?.Type is BooleanDataViewType
            ? ScoredColumns.OfTwo(scored.Schema, labelColumnName, scoreColumnName ?? "Probability", predictedLabelColumnName)
            : ScoredColumns.OfClasses(scored.Schema, labelColumnName, scoreColumnName ?? "Score", predictedLabelColumnName)).Read(scored);
        bool mistakes = choice == PredictionChoice.SurestMistakes;
        var chosen = found.Rows.Where(row => row.IsRight != mistakes).OrderBy(row => mistakes ? -row.OfPredicted : row.OfPredicted)
            .Take((int)Math.Min(int.MaxValue, (long)rows * columns)).ToList();
        if (chosen.Count == 0) throw new InvalidOperationException($"There are no {(mistakes ? "mistakes" : "hits")} to draw among {found.Rows.Count} rows.");
        var drawn = ReadRows(scored, images, [.. chosen.Select(row => row.Row)]);
        var (min, max) = images.Range([.. drawn.Values]);
        return Pictures.Images([.. chosen.Select(row => PictureTile.OfImage(drawn[row.Row], images.Shape, string.Create(
            CultureInfo.InvariantCulture, $"{found.Classes[row.Predicted]}:{found.Classes[row.Truth]} {row.OfPredicted:0.000}"), min, max, isWrong: mistakes))], columns,
            mistakes ? "The most certain mistakes (predicted:true)" : "The least certain hits (predicted:true)");
    }

    /// <summary>
    /// Draws Grad-CAM heat maps over the images of a view's first rows: bright where the predicted class comes from, dark where nothing speaks for it.
    /// </summary>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="scored">Rows that a model with <see cref="ExtraColumn.GradCam"/> scored; it is read as far as images are drawn.</param>
    /// <param name="rows">Rows of images, at least 1; fewer where the data end.</param>
    /// <param name="columns">Images in a row, at least 1; each is drawn as it is, and with its map to the right of that.</param>
    /// <param name="featureColumnName">The images, as <see cref="DrawImages"/> takes them. Default <c>Features</c>.</param>
    /// <param name="heatColumnName">The maps: a vector of Single with the dimensions [H, W] of the images, 0 to 1. Default <c>GradCam</c>.</param>
    /// <param name="resizing">How the network resizes photographs, where the images are some. Default <see cref="ImageResizing.Fill"/>.</param>
    /// <param name="captionColumnNames">What stands under each image, as in <see cref="DrawImages"/>. Default nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type or of another size than the images, these cannot be drawn, or there
    /// are fewer than 1 row or column.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static SvgPicture DrawGradCam(
        this DataOperationsCatalog catalog, IDataView scored, int rows, int columns, string featureColumnName = "Features", string heatColumnName = "GradCam",
        ImageResizing resizing = ImageResizing.Fill, params string[] captionColumnNames)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentNullException.ThrowIfNull(captionColumnNames);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var (heat, type) = Columns.Vector(scored.Schema, heatColumnName, "heat map", NumberDataViewType.Single);
        if (type.Dimensions is not [> 0 and var height, > 0 and var width]) throw Columns.Mismatch($"The heat map column '{heatColumnName}' is {type}, not [height, width].", "scored");
        var images = ViewImages.Find(scored.Schema, featureColumnName, height, width, resizing);
        if ((images.Shape.Height, images.Shape.Width) != (height, width))
            throw Columns.Mismatch($"The heat maps of '{heatColumnName}' are {height} x {width}, but the images of '{featureColumnName}' are {images.Shape.Height} x {images.Shape.Width}.", "scored");
        var captions = captionColumnNames.Select(name => Columns.Any(scored.Schema, "caption", name)).ToList();
        var drawn = Read(scored, images, captions, (long)rows * columns, heat);
        var range = images.Range([.. drawn.Select(row => row.Image)]);
        return Pictures.Images([.. drawn.SelectMany(row => new[]
        {
            PictureTile.OfImage(row.Image, images.Shape, string.Join(':', row.Captions), range.Min, range.Max, row.Captions.Distinct().Count() > 1),
            PictureTile.OfHeat(row.Image, images.Shape, row.Map, range.Min, range.Max),
        })], 2 * columns, "Where the predicted class comes from (Grad-CAM)");
    }

    /// <summary>The number of rows of each class as bars, classes without rows too where the label is a key; of more than 50 the rarest, and the title says
    /// so. Rows without a label count as <c>?</c>.</summary>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; all are read.</param>
    /// <param name="labelColumnName">The class: text, a key, a Boolean or a number. Default <c>Label</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static SvgPicture DrawClassBalance(this DataOperationsCatalog catalog, IDataView data, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var label = Columns.Any(data.Schema, "label", labelColumnName);
        var names = label.Type is KeyDataViewType ? CnnMlNet.Heads.ClassLabels.Of(label).Values : [];
        var counts = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in names) counts.TryAdd(name, 0);
        long all = 0;
        using (var cursor = data.GetRowCursor([label]))
        {
            for (var read = CaptionReader(cursor, label); cursor.MoveNext(); all++)
            {
                var name = read();
                counts[name] = counts.TryGetValue(name, out long count) ? count + 1 : 1;
            }
        }

        if (all == 0) throw new InvalidOperationException("There are no rows to count.");
        var sorted = names.Count > 0 ? counts.ToList() : [.. counts.OrderBy(pair => pair.Key, NumberOrText)];
        var shown = sorted.Count <= MostBalanceBars ? sorted : [.. sorted.OrderBy(pair => pair.Value).Take(MostBalanceBars)];
        string which = shown.Count == sorted.Count ? "" : string.Create(CultureInfo.InvariantCulture, $": the {shown.Count} rarest of {sorted.Count:N0} classes");
        return Pictures.Bars(string.Create(CultureInfo.InvariantCulture, $"{all:N0} rows by class{which}"), "rows", [.. shown.Select(pair => (pair.Key, (double)pair.Value))], marksSmallest: true);
    }

    /// <summary>Numbers by their size, before texts by their characters.</summary>
    private static Comparer<string> NumberOrText { get; } = Comparer<string>.Create((left, right) =>
        (double.TryParse(left, CultureInfo.InvariantCulture, out double a), double.TryParse(right, CultureInfo.InvariantCulture, out double b)) switch
        {
            (true, true) => a.CompareTo(b),
            (false, false) => string.CompareOrdinal(left, right),
            (var isNumber, _) => isNumber ? -1 : 1,
        });

    private static Dictionary<long, float[]> ReadRows(IDataView data, ViewImages images, HashSet<long> rows)
    {
        using var cursor = data.GetRowCursor([images.Column]);
        var (read, found) = (images.Reader(cursor), new Dictionary<long, float[]>());
        while (found.Count < rows.Count && cursor.MoveNext())
        {
            if (rows.Contains(cursor.Position)) found.Add(cursor.Position, read());
        }

        return found;
    }
}
