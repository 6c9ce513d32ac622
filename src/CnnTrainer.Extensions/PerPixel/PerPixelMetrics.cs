using System.Globalization;
using System.Text;

namespace CnnMlNet;

/// <summary>
/// How well classes of pixels were predicted, over all pixels of all rows that have a label. Made by <c>ml.MulticlassClassification.EvaluatePerPixel</c>.
/// Immutable; thread safe.
/// </summary>
public sealed class PerPixelMetrics
{
    internal PerPixelMetrics() { }

    /// <summary>Names of the classes, in the order of the keys.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Pixels by their class and the one that was predicted: <c>Counts[truth][predicted]</c>, both in the order of <see cref="ClassNames"/>.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Counts { get; init; }

    /// <summary>Number of pixels with a label.</summary>
    public required long LabelledPixels { get; init; }

    /// <summary>Share of the labelled pixels that are right; 0 to 1.</summary>
    public required double PixelAccuracy { get; init; }

    /// <summary>
    /// For each class the pixels that are of it and predicted so, by those that are one or the other (intersection over union, Jaccard's index); 0 to 1.
    /// NaN for a class that neither is there nor was predicted.
    /// </summary>
    public required IReadOnlyList<double> IoU { get; init; }

    /// <summary>Mean of <see cref="IoU"/> over the classes that have one; 0 to 1.</summary>
    public required double MeanIoU { get; init; }

    /// <summary>The numbers, and a table with a row for each class.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Pixel accuracy {PixelAccuracy:F4}, mean IoU {MeanIoU:F4}, {LabelledPixels:N0} labelled pixels");
        int width = Math.Max(5, ClassNames.Max(name => name.Length));
        text.Append(CultureInfo.InvariantCulture, $"{"Class".PadRight(width)} {"IoU",7} {"Pixels",12} {"Right",12} {"Predicted",12}");
        for (int i = 0; i < ClassNames.Count; i++)
        {
            int at = i;
            string iou = double.IsNaN(IoU[i]) ? "-" : IoU[i].ToString("F4", CultureInfo.InvariantCulture);
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{ClassNames[i].PadRight(width)} {iou,7} {Counts[i].Sum(),12:N0} {Counts[i][i],12:N0} {Counts.Sum(row => row[at]),12:N0}");
        }

        return text.ToString();
    }

    internal static PerPixelMetrics Of(IReadOnlyList<string> names, long[][] counts)
    {
        long labelled = counts.Sum(row => row.Sum()), right = counts.Index().Sum(row => row.Item[row.Index]);
        double[] iou = [.. names.Index().Select(name => IntersectionOverUnion(counts, name.Index))];
        return new PerPixelMetrics
        {
            ClassNames = names, Counts = counts, LabelledPixels = labelled, IoU = iou,
            PixelAccuracy = (double)right / labelled, MeanIoU = iou.Where(value => !double.IsNaN(value)).Average(),
        };
    }

    private static double IntersectionOverUnion(long[][] counts, int index)
    {
        long right = counts[index][index], union = counts[index].Sum() + counts.Sum(row => row[index]) - right;
        return union == 0 ? double.NaN : (double)right / union;
    }
}
