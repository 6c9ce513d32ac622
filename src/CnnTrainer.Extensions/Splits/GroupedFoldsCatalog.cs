using CnnMlNet.Splits;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Puts folds that keep groups whole on the MLContext.</summary>
public static class GroupedFoldsCatalog
{
    /// <summary>
    /// Divides rows into folds for cross validation: each group is in the test set of exactly one, and no two folds differ by more rows than the largest group
    /// has. For the same share of each class besides, see <see cref="StratifiedFoldsCatalog.StratifiedFolds"/> with its groupColumnName.
    /// </summary>
    /// <remarks>The group column is read once, here; the sets are lazy views, as those of <see cref="GroupedSplitCatalog.GroupedTrainTestSplit"/>.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; every cursor must give them in the same order (<c>ml.Data.CacheImages</c> and <c>ml.Data.Cache</c> make it so).</param>
    /// <param name="groupColumnName">The column of groups: text, a key, a Boolean or a number; rows of equal values stay together.</param>
    /// <param name="folds">How many; at least 2, at most the groups there are. Default 5.</param>
    /// <param name="seed">Seed of the draw; null (the default) for the MLContext's, or, where it has none, a random one.</param>
    /// <returns>For each fold the rows outside it, to train on, and those inside, to test on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, or the column is missing or a vector.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or fewer groups than folds.</exception>
    /// <exception cref="InvalidDataException">A row has no value in the column.</exception>
    public static IReadOnlyList<TrainTestData> GroupedFolds(
        this DataOperationsCatalog catalog, IDataView data, string groupColumnName, int folds = 5, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(groupColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        return new Stratification(data, labelColumnName: null, groupColumnName).Folds(folds, Draw.Of(catalog, seed));
    }
}
