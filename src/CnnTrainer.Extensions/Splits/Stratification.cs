using System.Collections;
using System.Globalization;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Splits;

/// <summary>Divides the rows of a view with the same share of each class, with groups kept whole, or both.</summary>
/// <param name="data">The rows.</param>
/// <param name="labelColumnName">Their classes; null to take all for one.</param>
/// <param name="groupColumnName">Their groups; null for rows that stand alone.</param>
internal sealed class Stratification(IDataView data, string? labelColumnName, string? groupColumnName = null)
{
    private readonly List<object> _classes = [];
    private readonly List<object> _groups = [];

    /// <summary>The rows outside and inside a share that is drawn.</summary>
    /// <param name="fraction">The share.</param>
    /// <param name="random">Decides which.</param>
    public DataOperationsCatalog.TrainTestData Split(double fraction, Random random)
    {
        Read();
        if (_classes.Count < 2) throw new InvalidOperationException($"A split needs at least 2 rows; there are {_classes.Count}.");
        if (groupColumnName is null) return Divide(Stratified.Draw(_classes, fraction, atLeast: 1, random));
        var members = Members();
        if (members.Count < 2) throw new InvalidOperationException($"All rows are of one group of the column '{groupColumnName}': a split needs at least 2.");
        int[] dealt = new WholeGroups(members, _classes).Deal([1 - fraction, fraction], random);
        foreach (var (part, name, share) in new[] { (0, "training", 1 - fraction), (1, "test", fraction) })
        {
            if (!dealt.Contains(part)) throw new InvalidOperationException(FormattableString.Invariant(
                $"The {name} set would be empty: {share * 100:0.##} % of {_classes.Count} rows are asked for, but the smallest of the {members.Count} groups of the column '{groupColumnName}' has {members.Min(rows => rows.Length)}, and groups stay whole: choose a testFraction nearer to 0.5, or another column."));
        }

        return Divide(Spread(members, dealt), 1);
    }

    /// <summary>The rows outside and inside each fold.</summary>
    /// <param name="folds">How many folds.</param>
    /// <param name="random">Decides which.</param>
    public IReadOnlyList<DataOperationsCatalog.TrainTestData> Folds(int folds, Random random)
    {
        Read();
        if (_classes.Count == 0) throw new InvalidOperationException("There are no rows to make folds of.");
        var members = Members();
        if (groupColumnName is not null && members.Count < folds)
            throw new InvalidOperationException($"The group column '{groupColumnName}' has only {members.Count} groups, too few for {folds} folds: make fewer folds.");
        var smallest = members.SelectMany(rows => groupColumnName is null ? rows.Select(row => _classes[row]) : rows.Select(row => _classes[row]).Distinct())
            .CountBy(value => value).MinBy(pair => pair.Value);
        if (smallest.Value < folds) throw TooFew(smallest.Value, smallest.Key, folds);
        int[] dealt = groupColumnName is null
            ? Stratified.Deal(_classes, folds, random)
            : Spread(members, new WholeGroups(members, _classes).Deal([.. Enumerable.Repeat(1.0 / folds, folds)], random));
        return [.. Enumerable.Range(0, folds).Select(fold => Divide(dealt, fold))];
    }

    private InvalidOperationException TooFew(int count, object value, int folds) => new(labelColumnName is null
        ? $"{count} rows are not enough for {folds} folds."
        : $"The label column '{labelColumnName}' has only {count} {(groupColumnName is null ? "rows" : $"groups of the column '{groupColumnName}'")} of the class " +
            $"{Convert.ToString(value, CultureInfo.InvariantCulture)}{(data.Schema[labelColumnName].Type is KeyDataViewType ? " (a key, counting from 1)" : "")}, " +
            $"too few for {folds} folds: make fewer folds, or leave the class out.");

    private DataOperationsCatalog.TrainTestData Divide(int[] dealt, int part) => Divide(new BitArray([.. dealt.Select(other => other == part)]));

    private DataOperationsCatalog.TrainTestData Divide(BitArray test) =>
        MlNetInternals.TrainTestData(new RowSubset(data, test, keep: false), new RowSubset(data, test, keep: true));

    /// <summary>The rows of each group, in order of the first.</summary>
    private List<int[]> Members() => groupColumnName is null
        ? [[.. Enumerable.Range(0, _classes.Count)]]
        : [.. _groups.Index().GroupBy(pair => pair.Item, pair => pair.Index).Select(group => group.ToArray())];

    private int[] Spread(List<int[]> members, int[] dealt)
    {
        var parts = new int[_classes.Count];
        foreach (var (group, rows) in members.Index())
            foreach (int row in rows) parts[row] = dealt[group];
        return parts;
    }

    private void Read()
    {
        DataViewSchema.Column? label = labelColumnName is null ? null : Columns.Any(data.Schema, "label", labelColumnName);
        DataViewSchema.Column? group = groupColumnName is null ? null : Columns.Any(data.Schema, "group", groupColumnName);
        using var cursor = data.GetRowCursor(new[] { label, group }.OfType<DataViewSchema.Column>());
        var readClass = label is { } classes ? AnyValue.Reader(cursor, classes, "label") : () => "";
        var readGroup = group is { } groups ? AnyValue.Reader(cursor, groups, "group") : null;
        while (cursor.MoveNext())
        {
            _classes.Add(readClass());
            if (readGroup is null) continue;
            var value = readGroup();
            if (value is "" or float.NaN or double.NaN || group!.Value.Type is KeyDataViewType && Convert.ToUInt64(value, CultureInfo.InvariantCulture) == 0)
                throw new InvalidDataException($"Row {_groups.Count} (counting from 0): the group column '{groupColumnName}' has no value; rows of no known group cannot be kept together.");
            _groups.Add(value);
        }
    }
}
