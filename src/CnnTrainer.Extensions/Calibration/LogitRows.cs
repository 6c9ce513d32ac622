using CnnMlNet.Heads;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet;

/// <summary>The logits and the true class of each row.</summary>
/// <param name="Logits">One value a class and row, row by row.</param>
/// <param name="Labels">The true classes, counting from 0.</param>
internal sealed record LogitRows(IReadOnlyList<float[]> Logits, IReadOnlyList<long> Labels)
{
    public static LogitRows OfClasses(IDataView data, string labelName, string logitsName)
    {
        var label = Columns.Any(data.Schema, "label", labelName);
        if (label.Type is not KeyDataViewType) throw Columns.Mismatch($"The label column '{labelName}' is {label.Type}; a key is needed, as MapValueToKey makes it.", "data");
        if (data.Schema.GetColumnOrNull(logitsName) is null)
            throw Columns.Mismatch($"There is no logits column '{logitsName}': score with a model that adds it, model.With([ExtraColumn.Logits(\"{logitsName}\")]).", "data");
        var (logits, type) = Columns.Vector(data.Schema, logitsName, "logits");
        var classes = ClassLabels.Of(label);
        if (type.Size != classes.Count)
            throw Columns.Mismatch($"The logits column '{logitsName}' has {type.Size} values, but the label column '{labelName}' has {classes.Count} classes.", "data");
        CheckNames(logits, label, classes);

        return Read(data, new Multiclass(classes), label, logits, cursor =>
        {
            var getter = cursor.GetGetter<VBuffer<float>>(logits);
            VBuffer<float> row = default;
            return () =>
            {
                getter(ref row);
                return [.. row.DenseValues()];
            };
        });
    }

    public static LogitRows OfYesAndNo(IDataView data, string labelName, string scoreName)
    {
        var head = Binary.Bind(data.Schema, labelName);
        var score = Columns.Single(data.Schema, "score", scoreName);
        return Read(data, head, data.Schema[labelName], score, cursor =>
        {
            var getter = cursor.GetGetter<float>(score);
            float value = 0;
            return () =>
            {
                getter(ref value);
                return [0, value];   // softmax of these two is the sigmoid of the one
            };
        });
    }

    private static LogitRows Read(IDataView data, BoundHead head, DataViewSchema.Column label, DataViewSchema.Column column, Func<DataViewRow, Func<float[]>> reader)
    {
        var all = new List<float[]>();
        using var cursor = data.GetRowCursor(new[] { label, column });
        var (targets, readLabel) = head.ReadTargets(cursor, label, "Row");
        var readLogits = reader(cursor);
        while (cursor.MoveNext())
        {
            readLabel();
            var logits = readLogits();
            int bad = Array.FindIndex(logits, logit => !float.IsFinite(logit));
            if (bad >= 0) throw RowError.Of("Row", cursor, FormattableString.Invariant($"the column '{column.Name}' has the logit {logits[bad]}, which is not a finite number."));
            all.Add(logits);
        }

        return all.Count > 0 ? new LogitRows(all, head.Classes(targets)) : throw new InvalidOperationException("There are no rows to fit a temperature on.");
    }

    /// <summary>Both must number the classes alike, or each logit is taken for another class's.</summary>
    private static void CheckNames(DataViewSchema.Column logits, DataViewSchema.Column label, ClassLabels classes)
    {
        if (!logits.HasSlotNames()) return;
        VBuffer<ReadOnlyMemory<char>> slots = default;
        logits.GetSlotNames(ref slots);
        var names = slots.DenseValues().Select(name => name.ToString()).ToList();
        if (!names.SequenceEqual(classes.Values))
            throw Columns.Mismatch($"The logits column '{logits.Name}' is of the classes {Some(names)}, but the label column '{label.Name}' has the key values {Some(classes.Values)}: " +
                "map the label with the MapValueToKey that was fitted for training.", "data");

        static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(20)) + (names.Count > 20 ? ", ..." : "");
    }
}
