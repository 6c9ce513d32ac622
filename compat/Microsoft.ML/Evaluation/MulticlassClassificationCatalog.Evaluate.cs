using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        Check.NotNull(data);
        Check.InSubset(topKPredictionCount == 0, nameof(topKPredictionCount));
        var label = ScoredColumns.Find(data, labelColumnName, "label");
        var score = ScoredColumns.Find(data, scoreColumnName, "score");
        ScoredColumns.Find(data, predictedLabelColumnName, "predicted label");
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw Check.Mismatch(score.Name, "a vector of Single, a score for each of two classes or more", $"{score.Type}", "score", "schema");
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw Check.Mismatch(label.Name, "a key or Single", $"{label.Type}", "label", "schema");
        return new(Count(data, label, score), ClassNames(score, vector.Size));
    }

    /// <summary>Fits and evaluates once for each fold, on the rows outside it and inside it.</summary>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    // Rows without a label, or whose scores are not finite, do not count.
    private static MulticlassCounters Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score)
    {
        var scores = new float[((VectorDataViewType)score.Type).Size];
        var counters = new MulticlassCounters(scores.Length);
        using var cursor = data.GetRowCursor(label, score);
        var getLabel = ScoredColumns.LabelGetter(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        float index = 0;
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            getLabel(ref index);
            if (!(index >= 0 && index == (int)index)) continue;
            getScores(ref buffer);
            Check.State(buffer.Length == scores.Length, $"The score vector has {buffer.Length} slots instead of {scores.Length}");
            buffer.CopyTo(scores);
            if (Array.TrueForAll(scores, float.IsFinite)) counters.Add((int)index, scores);
        }
        return counters;
    }

    private static string[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is not VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
            return [.. Enumerable.Range(0, classes).Select(i => $"{i}")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
