using System.Globalization;
using CnnMlNet.Heads;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.ClassReports;

/// <summary>The columns that a report is made of.</summary>
/// <param name="label">The true classes.</param>
/// <param name="predicted">The predicted ones.</param>
/// <param name="score">The probabilities.</param>
/// <param name="classes">Names of the classes.</param>
internal sealed class ScoredColumns(DataViewSchema.Column label, DataViewSchema.Column predicted, DataViewSchema.Column score, IReadOnlyList<string> classes)
{
    private const double Slack = 1e-3;   // of sums of a thousand probabilities that were rounded to half precision

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or its keys are not the classes of the score.</exception>
    public static ScoredColumns OfClasses(DataViewSchema schema, string labelName, string scoreName, string predictedName)
    {
        var (label, predicted) = (Columns.Any(schema, "label", labelName), Columns.Any(schema, "predicted label", predictedName));
        var (score, type) = Columns.Vector(schema, scoreName, "score");
        var classes = SlotNames(score, type.Size) ?? KeyNames(label, type.Size) ?? KeyNames(predicted, type.Size)
            ?? [.. Enumerable.Range(0, type.Size).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        CheckKeys(label, "label", classes, scoreName);
        CheckKeys(predicted, "predicted label", classes, scoreName);
        return new ScoredColumns(label, predicted, score, classes);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static ScoredColumns OfTwo(DataViewSchema schema, string labelName, string probabilityName, string predictedName) => new(
        Boolean(schema, "label", labelName), Boolean(schema, "predicted label", predictedName), Columns.Single(schema, "probability", probabilityName), ["False", "True"]);

    /// <exception cref="InvalidDataException">The scores of a row are no probabilities, or its predicted label is no class.</exception>
    /// <exception cref="InvalidOperationException">No row has a label.</exception>
    public ScoredRows Read(IDataView data)
    {
        var (rows, withoutLabel) = (new List<ScoredRow>(), 0L);
        using var cursor = data.GetRowCursor(new[] { label, predicted, score }.DistinctBy(column => column.Index));
        var (readTruth, readPredicted, readScores) = (ClassReader(cursor, label, "label"), ClassReader(cursor, predicted, "predicted label"), ScoreReader(cursor));
        var scores = new float[classes.Count];
        while (cursor.MoveNext())
        {
            if (readTruth() is not (>= 0 and var truth))
            {
                withoutLabel++;
                continue;
            }

            readScores(scores);
            CheckScores(cursor, scores);
            if (readPredicted() is not (>= 0 and var guess))
                throw RowError.Of("Row", cursor, $"the predicted label in the column '{predicted.Name}' is missing, or none of the classes of the column '{score.Name}'.");
            rows.Add(new ScoredRow(cursor.Position, truth, guess, Rank(scores, truth), scores[truth], scores[guess]));
        }

        return rows.Count > 0 ? new ScoredRows(classes, rows, withoutLabel) : throw new InvalidOperationException(FormattableString.Invariant(
            $"There is nothing to report: of {withoutLabel} rows none has a label in the column '{label.Name}' that is one of the classes of the column '{score.Name}'."));
    }

    private static int Rank(ReadOnlySpan<float> scores, int truth)
    {
        int rank = 1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > scores[truth] || (scores[i] == scores[truth] && i > truth)) rank++;
        }

        return rank;
    }

    /// <summary>Reads the index of a class; -1 for none.</summary>
    private Func<int> ClassReader(DataViewRow row, DataViewSchema.Column column, string role)
    {
        var read = AnyValue.Reader(row, column, role);
        if (column.Type is KeyDataViewType)
            return () => Convert.ToUInt64(read(), CultureInfo.InvariantCulture) is var key && key <= (ulong)classes.Count ? (int)key - 1 : -1;
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, name) in classes.Index()) indices.TryAdd(name, index);
        return () => indices.GetValueOrDefault(Convert.ToString(read(), CultureInfo.InvariantCulture)!, -1);
    }

    private Action<float[]> ScoreReader(DataViewRow row)
    {
        if (score.Type is VectorDataViewType)
        {
            var getter = row.GetGetter<VBuffer<float>>(score);
            VBuffer<float> values = default;
            return scores =>
            {
                getter(ref values);
                if (values.Length != scores.Length) throw RowError.Of("Row", row, $"the column '{score.Name}' has {values.Length} values, not {scores.Length}.");
                values.CopyTo(scores);
            };
        }

        var single = row.GetGetter<float>(score);
        return scores =>
        {
            single(ref scores[1]);
            scores[0] = 1 - scores[1];
        };
    }

    private void CheckScores(DataViewRow row, float[] scores)
    {
        double sum = 0;
        bool areProbabilities = true;
        foreach (float value in scores)
        {
            areProbabilities &= value is >= 0 and <= (float)(1 + Slack);   // NaN is not
            sum += value;
        }

        if (areProbabilities && Math.Abs(sum - 1) <= Slack) return;
        int wrong = Array.FindIndex(scores, value => value is not (>= 0 and <= (float)(1 + Slack)));
        string found = score.Type is not VectorDataViewType ? FormattableString.Invariant($"has the value {scores[1]}")
            : wrong >= 0 ? FormattableString.Invariant($"has the value {scores[wrong]} for the class '{classes[wrong]}'")
            : FormattableString.Invariant($"has values whose sum is {sum:R}");
        throw RowError.Of("Row", row, $"the column '{score.Name}' {found}; a report needs probabilities, 0 to 1, that sum to 1 over the classes.");
    }

    private static IReadOnlyList<string>? SlotNames(DataViewSchema.Column score, int size)
    {
        var annotation = score.Annotations.Schema.GetColumnOrNull(ScoreAnnotations.SlotNames);
        if (annotation?.Type is not VectorDataViewType vector || vector.ItemType != TextDataViewType.Instance || vector.Size != size) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static IReadOnlyList<string>? KeyNames(DataViewSchema.Column column, int size) =>
        column.Type is KeyDataViewType key && key.Count == (ulong)size ? ClassLabels.Of(column).Values : null;

    private static void CheckKeys(DataViewSchema.Column column, string role, IReadOnlyList<string> classes, string scoreName)
    {
        if (column.Type is not KeyDataViewType type) return;
        const string Remedy = ": map the label with the MapValueToKey that was fitted for training.";
        if (type.Count != (ulong)classes.Count)
        {
            throw Columns.Mismatch(FormattableString.Invariant(
                $"The {role} column '{column.Name}' has {type.Count} keys, but the score column '{scoreName}' has {classes.Count} classes{Remedy}"), "scored");
        }

        var keys = ClassLabels.Of(column);
        if (keys.Type is null || keys.Values.SequenceEqual(classes)) return;
        int i = keys.Values.Zip(classes).Index().First(pair => pair.Item.First != pair.Item.Second).Index;
        throw Columns.Mismatch(FormattableString.Invariant(
            $"Key {i + 1} of the {role} column '{column.Name}' is '{keys.Values[i]}', but class {i + 1} of the score column '{scoreName}' is '{classes[i]}'{Remedy}"), "scored");
    }

    private static DataViewSchema.Column Boolean(DataViewSchema schema, string role, string name) =>
        Columns.Any(schema, role, name) is var column && column.Type is BooleanDataViewType
            ? column
            : throw Columns.Mismatch($"The {role} column '{name}' is {column.Type}, not Boolean.", "scored");
}
