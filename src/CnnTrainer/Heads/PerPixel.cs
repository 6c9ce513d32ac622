using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>One class of several for each pixel: softmax over the channels and cross entropy. Targets are the keys themselves, 0 where there is none.</summary>
/// <param name="classes">The classes, at most <see cref="MostClasses"/>.</param>
/// <param name="height">Of the images.</param>
/// <param name="width">Of the images.</param>
internal sealed class PerPixel(ClassLabels classes, int height, int width) : BoundHead
{
    /// <summary>A target is a byte.</summary>
    public const int MostClasses = byte.MaxValue;

    private int Pixels => height * width;

    public ClassLabels Labels => classes;

    public override int Outputs => classes.Count;

    public override bool IsPerPixel => true;

    public override int[] OutputDimensions => [classes.Count, height, width];

    public override IReadOnlyList<string> ClassNames => classes.Values;

    public override IReadOnlyList<string> Metrics { get; } = [MetricNames.Accuracy, MetricNames.MeanIoU];

    /// <summary>Of each class: pixels that are right, pixels that are of it, pixels that are said to be.</summary>
    public override int SumCount => 3 * classes.Count;

    public override int Values => classes.Count * Pixels;

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or does not fit the images.</exception>
    public static BoundHead Bind(DataViewSchema schema, string labelColumnName, ImageShape images)
    {
        var label = Rows.Columns.Any(schema, "label", labelColumnName);
        if (label.Type is not VectorDataViewType { ItemType: KeyDataViewType key } vector) throw NotKeys(labelColumnName, label.Type);
        int pixels = images.Height * images.Width;
        if (!vector.IsKnownSize) throw Rows.Columns.Mismatch(
            $"The label column '{labelColumnName}' is a vector of keys whose length is not known: say it, as " +
            $"[KeyType({key.Count}), VectorType({images.Height}, {images.Width})] on the uint[] member of the row class.");
        if (vector.Size != pixels || (vector.Dimensions is [var rows, var columns] && (rows != images.Height || columns != images.Width))) throw Rows.Columns.Mismatch(
            $"The label column '{labelColumnName}' has {vector.Size} keys a row, [{string.Join(", ", vector.Dimensions)}], but the images have " +
            $"{images.Height} x {images.Width} = {pixels} pixels: a key for every pixel is needed, row by row.");
        if (key.Count > MostClasses) throw Rows.Columns.Mismatch($"The label column '{labelColumnName}' has {key.Count} classes; a class for every pixel takes at most {MostClasses}.");
        return new PerPixel(ClassLabels.Of(label), images.Height, images.Width);
    }

    public static SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names)
    {
        var label = Rows.Columns.Find(schema, "label", labelColumnName);
        if (!label.IsKey || label.Kind == VectorKind.Scalar) throw NotKeys(label.Name, label.ItemType);
        var keyValues = Multiclass.KeyValues(label);
        return
        [
            MlNetInternals.Column(names.Score, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape(ScoreAnnotations.Shape().Concat(Multiclass.TrainingLabelValues(keyValues)))),
            MlNetInternals.Column(names.PredictedLabel, VectorKind.Vector, NumberDataViewType.UInt32, isKey: true, new SchemaShape(ScoreAnnotations.Shape().Concat(keyValues))),
        ];
    }

    public override (Targets Targets, Action Read) ReadTargets(DataViewRow row, DataViewSchema.Column label, string rows)
    {
        var maps = new LabelMaps(Pixels);
        var (read, keys, map) = (KeyVector.Reader(row, label, Pixels, rows), new ulong[Pixels], new byte[Pixels]);
        return (maps, () =>
        {
            read(keys);
            for (int pixel = 0; pixel < map.Length; pixel++)
            {
                if (keys[pixel] > (ulong)classes.Count) throw NoClass(row, label, rows, pixel, keys[pixel]);
                map[pixel] = (byte)keys[pixel];
            }

            if ((maps.Count + 1L) * map.Length > Array.MaxLength)
                throw new InvalidOperationException($"More than {maps.Count} maps of {height} x {width} labels do not fit into the 2 GiB that there are for them: use fewer rows or smaller images.");
            maps.Add(map);
        });
    }

    public override string? Problem(Targets targets)
    {
        var values = ((LabelMaps)targets).Values;
        byte first = values.FirstOrDefault(value => value != 0);
        if (first == 0) return $"None of the {targets.Count} training rows has a pixel with a label.";
        return values.Any(value => value != 0 && value != first)
            ? null
            : $"All pixels of the {targets.Count} training rows that have a label have '{classes.Values[first - 1]}': a classifier needs at least two classes.";
    }

    /// <summary>Rows have no class, their pixels do.</summary>
    public override IReadOnlyList<long> Classes(Targets targets) => new long[targets.Count];

    public override double[] CountClasses(Targets targets, int[] rows)
    {
        var counts = new double[classes.Count + 1];
        var map = new byte[Pixels];
        foreach (int row in rows)
        {
            targets.Gather([row], map);
            double weight = targets.WeightOf(row);
            foreach (byte key in map) counts[key] += weight;
        }

        return counts[1..];
    }

    public override string? Difference(BoundHead other) => classes.Difference(((PerPixel)other).Labels);

    public override Criterion Criterion(Loss loss, Targets targets, int[] rows, Device device) =>
        new PerPixelCriterion(loss, ClassCounts.Weights(this, loss, targets, rows), classes.Count, device);

    /// <summary>Accuracy and mean IoU over all pixels with a label; 0 while there was none.</summary>
    public override IReadOnlyList<double> Finish(IReadOnlyList<double> sums, long rows)
    {
        int count = classes.Count;
        double labelled = sums.Skip(count).Take(count).Sum();
        if (labelled == 0) return [0, 0];
        var unions = Enumerable.Range(0, count).Select(i => (Right: sums[i], Either: sums[count + i] + sums[2 * count + i] - sums[i])).Where(one => one.Either > 0);
        return [sums.Take(count).Sum() / labelled, unions.Average(one => one.Right / one.Either)];
    }

    public override Tensor Activate(Tensor outputs) => outputs.softmax(1);

    /// <summary>The mean of the probabilities.</summary>
    public override Tensor ActivateMean(IReadOnlyList<Tensor> views) => Mean([.. views.Select(Activate)]);

    public override DataViewSchema.DetachedColumn[] Columns(DataViewSchema input, OutputColumns names)
    {
        var annotations = new ScoreAnnotations(nameof(MLContext.MulticlassClassification), input);
        var (score, predicted) = (annotations.Builder(ScoreAnnotations.Score), annotations.Builder(ScoreAnnotations.PredictedLabel));
        classes.AddKeyValues(score, ScoreAnnotations.TrainingLabelValues);
        classes.AddKeyValues(predicted, ScoreAnnotations.KeyValues);
        return
        [
            new(names.Score, new VectorDataViewType(NumberDataViewType.Single, OutputDimensions), score.ToAnnotations()),
            new(names.PredictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), classes.Count), height, width), predicted.ToAnnotations()),
        ];
    }

    public override Delegate[] Getters(RowValues values)
    {
        var best = new float[Pixels];
        ValueGetter<VBuffer<uint>> predictedLabel = (ref VBuffer<uint> value) =>
        {
            var row = values();
            var editor = VBufferEditor.Create(ref value, Pixels);
            row[..Pixels].CopyTo(best);
            editor.Values.Fill(1);   // keys count from 1
            for (int other = 1; other < classes.Count; other++)
            {
                var scores = row.Slice(other * best.Length, best.Length);
                for (int pixel = 0; pixel < best.Length; pixel++)
                {
                    if (scores[pixel] > best[pixel]) (best[pixel], editor.Values[pixel]) = (scores[pixel], (uint)other + 1);
                }
            }

            value = editor.Commit();
        };
        return [Multiclass.ScoreGetter(values), predictedLabel];
    }

    private InvalidDataException NoClass(DataViewRow row, DataViewSchema.Column label, string rows, int pixel, ulong key) => Rows.RowError.Of(
        rows, row, $"the pixel in row {pixel / width} and column {pixel % width} of the label column '{label.Name}' has the key {key}, " +
        $"above its {classes.Count} keys. Make the keys with MapValueToKey.");

    private static ArgumentOutOfRangeException NotKeys(string name, object type) => Rows.Columns.Mismatch(
        $"The label column '{name}' is {type}, not a vector of keys, one for each pixel: append ml.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer, " +
        "or give keys with [KeyType(classes), VectorType(height, width)] on a uint[] member of the row class, 0 for a pixel without a label.");
}
