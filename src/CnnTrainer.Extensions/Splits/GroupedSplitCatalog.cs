using CnnMlNet.Splits;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Puts splits that keep groups whole on the MLContext.</summary>
public static class GroupedSplitCatalog
{
    /// <summary>
    /// Splits rows into a training and a test set so that no group is on both sides: all photographs of a person, a patient or a scene stay together, and the
    /// test tells how the network does on those it has never seen. For the same share of each class besides, see
    /// <see cref="StratifiedSplitCatalog.StratifiedTrainTestSplit"/> with its groupColumnName.
    /// </summary>
    /// <remarks>The number of test rows differs from that asked for by at most half the rows of the largest group; ML.NET's <c>TrainTestSplit</c> with a
    /// <c>samplingKeyColumnName</c> keeps groups together too, but hashes them to a side whatever their size. The group column is read once, here;
    /// the two sets are lazy views, as those of a stratified split.</remarks>
    /// <param name="catalog">The data operations of an MLContext.</param>
    /// <param name="data">The rows; every cursor must give them in the same order (<c>ml.Data.Cache</c> makes it so).</param>
    /// <param name="groupColumnName">The column of groups: text, a key, a Boolean or a number; rows of equal values stay together.</param>
    /// <param name="testFraction">Share of test rows; greater than 0, less than 1. Default 0.1.</param>
    /// <param name="seed">Seed of the draw; null (the default) for the MLContext's, or, where it has none, a random one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or the column is missing or a vector.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than 2 groups, or groups so large that a side would be empty.</exception>
    /// <exception cref="InvalidDataException">A row has no value in the column.</exception>
    public static TrainTestData GroupedTrainTestSplit(
        this DataOperationsCatalog catalog, IDataView data, string groupColumnName, double testFraction = 0.1, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(groupColumnName);
        Draw.CheckFraction(testFraction);
        return new Stratification(data, labelColumnName: null, groupColumnName).Split(testFraction, Draw.Of(catalog, seed));
    }
}
