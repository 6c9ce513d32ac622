using CnnMlNet;
using CnnMlNet.Heads;
using CnnMlNet.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts the evaluation of pixels' classes on the MLContext.</summary>
public static class PerPixelCatalog
{
    /// <summary>
    /// Compares the classes of pixels with those that were predicted (see <see cref="Head.PerPixel"/>). Pixels without a label, key 0, do not count.
    /// </summary>
    /// <param name="catalog">The multiclass classification of an MLContext.</param>
    /// <param name="data">Scored rows; read once.</param>
    /// <param name="labelColumnName">The true classes: a vector of keys of known length. Default <c>Label</c>.</param>
    /// <param name="predictedLabelColumnName">The predicted ones: a vector of as many keys with the same key values. Default <c>PredictedLabel</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or no vector of keys, or the two do not fit each other.</exception>
    /// <exception cref="InvalidDataException">A row has a key that is none, or none is predicted for a pixel with a label.</exception>
    /// <exception cref="InvalidOperationException">No pixel has a label.</exception>
    public static PerPixelMetrics EvaluatePerPixel(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var (label, labelType) = Find(data.Schema, "label", labelColumnName);
        var (predicted, predictedType) = Find(data.Schema, "predicted label", predictedLabelColumnName);
        if (labelType.Size != predictedType.Size)
            throw Columns.Mismatch($"The label column '{labelColumnName}' has {labelType.Size} keys a row, but the predicted label column '{predictedLabelColumnName}' has {predictedType.Size}.", "data");
        var (classes, others) = (ClassLabels.Of(label), ClassLabels.Of(predicted));
        if (!classes.Values.SequenceEqual(others.Values))
            throw Columns.Mismatch($"The label column '{labelColumnName}' has the key values {string.Join(", ", classes.Values)}, but the predicted label column " +
                $"'{predictedLabelColumnName}' has {string.Join(", ", others.Values)}: map the label with the MapValueToKey that was fitted for training.", "data");
        var counts = Count(data, label, predicted, labelType.Size, classes.Count);
        return counts.Any(row => row.Any(count => count > 0))
            ? PerPixelMetrics.Of(classes.Values, counts)
            : throw new InvalidOperationException($"There is nothing to evaluate: no pixel of the label column '{labelColumnName}' has a label.");
    }

    private static (DataViewSchema.Column Column, VectorDataViewType Type) Find(DataViewSchema schema, string role, string name)
    {
        var column = Columns.Any(schema, role, name);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType, IsKnownSize: true } vector
            ? (column, vector)
            : throw Columns.Mismatch($"The {role} column '{name}' is {column.Type}; a vector of keys of known length is needed, a key for each pixel.", "data");
    }

    private static long[][] Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column predicted, int pixels, int classes)
    {
        long[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new long[classes])];
        var (truths, guesses) = (new ulong[pixels], new ulong[pixels]);
        using var cursor = data.GetRowCursor(new[] { label, predicted }.DistinctBy(column => column.Index));
        var (readTruth, readGuess) = (KeyVector.Reader(cursor, label, pixels, "Row"), KeyVector.Reader(cursor, predicted, pixels, "Row"));
        while (cursor.MoveNext())
        {
            readTruth(truths);
            readGuess(guesses);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                if (truths[pixel] == 0) continue;
                if (truths[pixel] > (ulong)classes || guesses[pixel] == 0 || guesses[pixel] > (ulong)classes)
                    throw new InvalidDataException($"Row {cursor.Position} (counting from 0): pixel {pixel} has the key {truths[pixel]} in the column '{label.Name}' and " +
                        $"{guesses[pixel]} in the column '{predicted.Name}'; keys of classes are 1 to {classes}.");
                counts[truths[pixel] - 1][guesses[pixel] - 1]++;
            }
        }

        return counts;
    }
}
