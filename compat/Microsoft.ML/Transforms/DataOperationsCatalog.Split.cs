using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch) => new CacheDataView(Check.NotNull(input),
        columnsToPrefetch?.Select(name => input.Schema.GetColumnOrNull(name) ?? throw Check.Missing(name, "prefetch", nameof(columnsToPrefetch))));

    public IDataView TakeRows(IDataView input, long count)
    {
        Check.NotNull(input);
        Check.Parameter(count > 0, nameof(count), "Must be greater than zero.");
        return new RangeView(input, 0, count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Check.NotNull(input);
        Check.Parameter(count > 0, nameof(count), "Must be greater than zero.");
        return new RangeView(input, count, long.MaxValue);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Check.NotNull(input);
        Check.Parameter(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffleView(input, seed ?? AnySeed(), shufflePoolSize, shuffleSource);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        Check.NotNull(data);
        Check.Parameter(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var key = new SamplingKey(data, samplingKeyColumnName, seed ?? ((IHostEnvironmentInternal)_env).Seed);
        return new(key.Rows(number => number >= testFraction), key.Rows(number => number < testFraction));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null) =>
        CrossValidationSplit(_env, data, numberOfFolds, samplingKeyColumnName, seed);

    // Both bounds belong to a fold, as published: a number that is exactly a bound is tested twice and trained on in two folds less.
    internal static IReadOnlyList<TrainTestData> CrossValidationSplit(IHostEnvironment env, IDataView data, int numberOfFolds,
        string? samplingKeyColumnName, int? seed)
    {
        Check.NotNull(data);
        Check.Parameter(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var key = new SamplingKey(data, samplingKeyColumnName, seed ?? ((IHostEnvironmentInternal)env).Seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            double min = (double)fold / numberOfFolds, max = (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(key.Rows(number => number < min || number > max), key.Rows(number => number >= min && number <= max));
        })];
    }

    // All 32 bits of the generator's next number.
    private int AnySeed() => (int)(uint)(_env.Register("RowShuffler").Rand.NextDouble() * 4294967296.0);

    /// <summary>A view in two parts.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet) => (TrainSet, TestSet) = (trainSet, testSet);
    }
}
