using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class BinaryClassificationCatalog
{
    /// <summary>
    /// The label is a Boolean, a number (positive above 0) or a key of two values (positive is the second). A row is predicted to be positive
    /// where its score is above 0; the column of predicted labels must be there, but is not read.
    /// </summary>
    public CalibratedBinaryClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string probabilityColumnName = "Probability", string predictedLabelColumnName = "PredictedLabel")
    {
        Check.NotNull(data);
        var label = ScoredColumns.Find(data, labelColumnName, "label");
        var score = ScoredColumns.Find(data, scoreColumnName, "score");
        var probability = ScoredColumns.Find(data, probabilityColumnName, "probability");
        ScoredColumns.Find(data, predictedLabelColumnName, "predicted label");
        CheckSingle(score, "score");
        if (label.Type is not (BooleanDataViewType or KeyDataViewType { Count: 2 })
            && label.Type != NumberDataViewType.Single && label.Type != NumberDataViewType.Double)
            throw Check.Mismatch(label.Name, "a Boolean, Single, Double or a key of two values", $"{label.Type}", "label", "schema");
        CheckSingle(probability, "probability");
        return new(Count(data, label, score, probability), ClassNames(label));
    }

    /// <summary>Fits and evaluates once for each fold, on the rows outside it and inside it.</summary>
    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    private static void CheckSingle(DataViewSchema.Column column, string role)
    {
        if (column.Type != NumberDataViewType.Single) throw Check.Mismatch(column.Name, "Single", $"{column.Type}", role, "schema");
    }

    // Rows without a label, or whose score is not finite, do not count.
    private BinaryCounters Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column probability)
    {
        // Hosts named and nested as published, so that a large set is sampled with the same random numbers.
        var counters = new BinaryCounters(Environment.Register("BinaryClassifierEvaluator").Register("Aggregator").Rand);
        using var cursor = data.GetRowCursor(label, score, probability);
        var getLabel = ScoredColumns.LabelGetter(cursor, label);
        var (getScore, getProbability) = (cursor.GetGetter<float>(score), cursor.GetGetter<float>(probability));
        float truth = 0, value = 0, chance = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            getScore(ref value);
            if (float.IsNaN(truth) || !float.IsFinite(value)) continue;
            getProbability(ref chance);
            counters.Add(truth > 0, value, chance);
        }
        return counters;
    }

    // The first name is that of the positive class, as published, although a key's first value is the negative one.
    private static string[] ClassNames(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType
            || label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is not VectorDataViewType { Size: 2, ItemType: TextDataViewType })
            return ["positive", "negative"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
