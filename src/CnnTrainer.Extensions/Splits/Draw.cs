using CnnMlNet.Interop;
using Microsoft.ML;

namespace CnnMlNet.Splits;

/// <summary>What all splits ask of their arguments.</summary>
internal static class Draw
{
    /// <summary>Random numbers of a seed; of the context's where there is none; of any where that has none.</summary>
    public static Random Of(DataOperationsCatalog catalog, int? seed) =>
        new(seed ?? MlNetInternals.SettingsOf(MlNetInternals.EnvironmentOf(catalog)).Seed ?? Random.Shared.Next());

    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static void CheckFraction(double testFraction)
    {
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "must be greater than 0 and less than 1");
    }
}
