using System.Runtime.CompilerServices;
using Microsoft.ML;
using static Microsoft.ML.DataOperationsCatalog;

namespace CnnMlNet.Interop;

/// <summary>What Microsoft.ML.Data keeps internal and this library needs.</summary>
internal static class DataInternals
{
    /// <summary>The pair that ML.NET's own splits return: its fields are public, its constructor is not.</summary>
    public static TrainTestData Sets(IDataView trainSet, IDataView testSet)
    {
        try
        {
            return NewTrainTestData(trainSet, testSet);
        }
        catch (MissingMemberException missing)
        {
            throw new NotSupportedException(
                "CnnMlNet needs the internal constructor DataOperationsCatalog.TrainTestData(IDataView, IDataView) of Microsoft.ML, which this version lacks. " +
                "It was written for Microsoft.ML 5.0.0: reference that version.", missing);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TrainTestData NewTrainTestData(IDataView trainSet, IDataView testSet);
}
