using CnnMlNet.Splits;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Puts stratified folds on the MLContext.</summary>
public static class StratifiedFoldsCatalog
{
    /// <summary>
    /// Divides rows into folds for cross validation: each row is in the test set of exactly one, and no two folds differ by more than one row of any
    /// class, nor by more than one row in all. ML.NET's <c>CrossValidationSplit</c> draws rows alone.
    /// With a group column the groups stay whole, and the shares of classes are as near as a greedy choice gets with whole groups.
    /// </summary>
    /// <remarks>The label column is read once, here; the sets are lazy views, as those of <see cref="StratifiedSplitCatalog.StratifiedTrainTestSplit"/>.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; every cursor must give them in the same order (<c>ml.Data.CacheImages</c> and <c>ml.Data.Cache</c> make it so).</param>
    /// <param name="folds">How many; at least 2, at most the rows of the smallest class. Default 5.</param>
    /// <param name="labelColumnName">The column of classes: text, a key, a Boolean or a number. Default <c>Label</c>.</param>
    /// <param name="seed">Seed of the draw; null (the default) for the MLContext's, or, where it has none, a random one.</param>
    /// <param name="groupColumnName">A column whose equal values stay together in a fold, as in <see cref="GroupedFoldsCatalog.GroupedFolds"/>; null (the
    /// default) for none.</param>
    /// <returns>For each fold the rows outside it, to train on, and those inside, to test on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, or the column is missing or no class.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or fewer of a class than folds; with a group column, fewer groups, or fewer with rows of a class,
    /// than folds.</exception>
    /// <exception cref="InvalidDataException">A row has no value in the group column.</exception>
    public static IReadOnlyList<TrainTestData> StratifiedFolds(
        this DataOperationsCatalog catalog, IDataView data, int folds = 5, string labelColumnName = "Label", int? seed = null,
        string? groupColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        return new Stratification(data, labelColumnName, groupColumnName).Folds(folds, Draw.Of(catalog, seed));
    }
}
