using System.Collections;
using System.Globalization;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Splits;

/// <summary>Reads the classes of a view and draws the same share of each.</summary>
internal static class Stratification
{
    /// <summary>The rows outside and inside a share that is drawn.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="labelColumnName">Their classes; null to draw from them as if they were all of one.</param>
    /// <param name="fraction">The share.</param>
    /// <param name="random">Decides which.</param>
    public static DataOperationsCatalog.TrainTestData Split(IDataView data, string? labelColumnName, double fraction, Random random)
    {
        var classes = ReadClasses(data, labelColumnName);
        if (classes.Count < 2) throw new InvalidOperationException($"A split needs at least 2 rows; there are {classes.Count}.");
        return Divide(data, Stratified.Draw(classes, fraction, atLeast: 1, random));
    }

    /// <summary>The rows outside and inside each fold.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="labelColumnName">Their classes; null to deal them out as if they were all of one.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="random">Decides which.</param>
    public static IReadOnlyList<DataOperationsCatalog.TrainTestData> Folds(IDataView data, string? labelColumnName, int folds, Random random)
    {
        var classes = ReadClasses(data, labelColumnName);
        if (classes.Count == 0) throw new InvalidOperationException("There are no rows to make folds of.");
        var smallest = classes.CountBy(value => value).MinBy(group => group.Value);
        if (smallest.Value < folds)
        {
            throw new InvalidOperationException(labelColumnName is null
                ? $"{smallest.Value} rows are not enough for {folds} folds."
                : $"The label column '{labelColumnName}' has only {smallest.Value} rows of the class {Convert.ToString(smallest.Key, CultureInfo.InvariantCulture)}" +
                    $"{(data.Schema[labelColumnName].Type is KeyDataViewType ? " (a key, counting from 1)" : "")}, too few for {folds} folds: make fewer folds, or leave the class out.");
        }

        int[] dealt = Stratified.Deal(classes, folds, random);
        return [.. Enumerable.Range(0, folds).Select(fold => Divide(data, new BitArray([.. dealt.Select(other => other == fold)])))];
    }

    private static DataOperationsCatalog.TrainTestData Divide(IDataView data, BitArray test) =>
        MlNetInternals.TrainTestData(new RowSubset(data, test, keep: false), new RowSubset(data, test, keep: true));

    private static List<object> ReadClasses(IDataView data, string? name)
    {
        var classes = new List<object>();
        if (name is null)
        {
            using var rows = data.GetRowCursor([]);
            while (rows.MoveNext()) classes.Add("");
            return classes;
        }

        var column = Columns.Any(data.Schema, "label", name);
        using var cursor = data.GetRowCursor([column]);
        var read = AnyValue.Reader(cursor, column, "label");
        while (cursor.MoveNext()) classes.Add(read());
        return classes;
    }
}
