using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that scale numbers.</summary>
public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false) =>
        catalog.NormalizeMeanVariance([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false) =>
        new([.. Check.NotNull(columns).Select(c => (c.OutputColumnName, c.InputColumnName))], maximumExampleCount, fixZero, useCdf);
}
