using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        Check.NotNull(data);
        Check.NotEmpty(labelColumnName);
        Check.NotEmpty(scoreColumnName);
        Check.NotEmpty(predictedLabelColumnName);
        Check.Parameter(topKPredictionCount >= 0, nameof(topKPredictionCount), "Must be non-negative");
        var label = Column(data, labelColumnName, "Label");
        var score = Column(data, scoreColumnName, "Score");
        Column(data, predictedLabelColumnName, "PredictedLabel");
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw Check.Mismatch(score.Name, "vector of two or more items of type Single", $"{score.Type}", "score", "schema");
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw Check.Mismatch(label.Name, "Single or Key", $"{label.Type}", "label", "schema");
        return new(Count(data, label, score), topKPredictionCount, ClassNames(score, vector.Size));
    }

    /// <summary>Fits and evaluates once for each fold, on the rows outside it and inside it.</summary>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
    {
        Check.NotEmpty(labelColumnName);
        Check.NotNull(data);
        Check.NotNull(estimator);
        Check.Parameter(numberOfFolds > 1, "numFolds", "Must be more than 1");
        var folds = DataOperationsCatalog.CrossValidationSplit(Environment, data, numberOfFolds, samplingKeyColumnName, seed);
        var trained = folds.Select(fold => estimator.Fit(fold.TrainSet)).ToArray();
        return [.. folds.Select((fold, i) =>
        {
            var scored = trained[i].Transform(fold.TestSet);
            return new CrossValidationResult<MulticlassClassificationMetrics>(trained[i], Evaluate(scored, labelColumnName), scored, i);
        })];
    }

    private static DataViewSchema.Column Column(IDataView data, string name, string role) =>
        data.Schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException("schema", $"{name} column '{role}' not found");

    // Rows without a label, or whose scores are not finite, do not count.
    private static MulticlassCounters Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score)
    {
        var scores = new float[((VectorDataViewType)score.Type).Size];
        var counters = new MulticlassCounters(scores.Length);
        using var cursor = data.GetRowCursor(label, score);
        var getLabel = LabelReader(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            if (getLabel() is not { } index) continue;
            getScores(ref buffer);
            Check.State(buffer.Length == scores.Length, $"The score vector has {buffer.Length} slots instead of {scores.Length}");
            buffer.CopyTo(scores);
            if (Array.TrueForAll(scores, float.IsFinite)) counters.Add(index, scores);
        }
        return counters;
    }

    private static Func<int?> LabelReader(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type == NumberDataViewType.Single)
            return SamplingKey.Reader<float, int?>(row, label, value => value >= 0 && value == (int)value ? (int)value : null);
        var read = SamplingKey.KeyReader(row, label);
        ulong count = label.Type.GetKeyCount();
        // Through single precision, as published: beyond 16 million classes neighbours fall together.
        return () => read() is var key && key > 0 && key <= count ? (int)(float)(key - 1) : null;
    }

    private static string[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is not VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
            return [.. Enumerable.Range(0, classes).Select(i => $"{i}")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
