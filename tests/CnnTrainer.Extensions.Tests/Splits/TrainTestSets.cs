using Microsoft.ML;

namespace CnnMlNet.Tests.Splits;

internal static class TrainTestSets
{
    /// <summary>Both sets as variables of their own.</summary>
    public static void Deconstruct(this DataOperationsCatalog.TrainTestData split, out IDataView train, out IDataView test) =>
        (train, test) = (split.TrainSet, split.TestSet);
}
