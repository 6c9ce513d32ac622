using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class RegressionCatalog
{
    /// <summary>Compares numbers; rows whose label or score is not a number do not count.</summary>
    public RegressionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        Check.NotNull(data);
        var label = Number(data, labelColumnName, "label");
        var score = Number(data, scoreColumnName, "score");
        using var cursor = data.GetRowCursor(label, score);
        var (getLabel, getScore) = (cursor.GetGetter<float>(label), cursor.GetGetter<float>(score));
        var rows = new List<(double Truth, double Value)>();
        float truth = 0, value = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            getScore(ref value);
            if (!float.IsNaN(truth) && float.IsFinite(value)) rows.Add((truth, value));
        }
        return new(rows);
    }

    /// <summary>Fits and evaluates once for each fold, on the rows outside it and inside it.</summary>
    public IReadOnlyList<CrossValidationResult<RegressionMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    private static DataViewSchema.Column Number(IDataView data, string name, string role)
    {
        var column = ScoredColumns.Find(data, name, role);
        return column.Type == NumberDataViewType.Single ? column : throw Check.Mismatch(name, "Single", $"{column.Type}", role, "schema");
    }
}
