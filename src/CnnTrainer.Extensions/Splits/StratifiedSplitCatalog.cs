using CnnMlNet.Splits;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Puts stratified splits on the MLContext.</summary>
public static class StratifiedSplitCatalog
{
    /// <summary>
    /// Splits rows into a training and a test set with the same share of each class. ML.NET's <c>TrainTestSplit</c> does not: its
    /// <c>samplingKeyColumnName</c> keeps equal keys together on one side.
    /// </summary>
    /// <remarks>The label column is read once, here; the two sets are lazy views of <paramref name="data"/> in its order, whose cursors throw
    /// <see cref="InvalidOperationException"/> where the data has more or fewer rows than it had here. Each class with at
    /// least 2 rows has a row on both sides where <paramref name="testFraction"/> allows: of n rows round(n * fraction) are test rows, at
    /// least 1 and at most n - 1; a single row is a training row. With a group column the groups stay whole, and the shares of
    /// classes are as near to the fraction as a greedy choice gets with whole groups; a class whose rows are all of one group is then on one side.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; every cursor must give them in the same order (<c>ml.Data.Cache</c> makes it so).</param>
    /// <param name="testFraction">Share of test rows; greater than 0, less than 1. Default 0.1.</param>
    /// <param name="labelColumnName">The column of classes: text, a key, a Boolean or a number. Default <c>Label</c>.</param>
    /// <param name="seed">Seed of the draw; null (the default) for the MLContext's, or, where it has none, a random one.</param>
    /// <param name="groupColumnName">A column whose equal values stay on one side, as in <see cref="GroupedSplitCatalog.GroupedTrainTestSplit"/>; null (the
    /// default) for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or the column is missing or no class.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than 2 rows, or groups so large that a side would be empty.</exception>
    /// <exception cref="InvalidDataException">A row has no value in the group column.</exception>
    public static TrainTestData StratifiedTrainTestSplit(
        this DataOperationsCatalog catalog, IDataView data, double testFraction = 0.1, string labelColumnName = "Label", int? seed = null,
        string? groupColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        Draw.CheckFraction(testFraction);
        return new Stratification(data, labelColumnName, groupColumnName).Split(testFraction, Draw.Of(catalog, seed));
    }
}
