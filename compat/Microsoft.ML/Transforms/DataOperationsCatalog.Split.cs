using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch) => new CacheDataView(Check.NotNull(input),
        columnsToPrefetch?.Select(name => Check.Find(input.Schema, name, nameof(columnsToPrefetch))));

    public IDataView TakeRows(IDataView input, long count)
    {
        Check.NotNull(input);
        Check.Parameter(count > 0, nameof(count), "A number of rows is 1 or more.");
        return new RangeView(input, 0, count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Check.NotNull(input);
        Check.Parameter(count > 0, nameof(count), "A number of rows is 1 or more.");
        return new RangeView(input, count, long.MaxValue);
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        Check.NotNull(input);
        Check.Parameter(columns is { Length: > 0 }, nameof(columns), "One column or more is needed.");
        var found = Array.ConvertAll(columns, name => Check.Find(input.Schema, name, nameof(columns)));
        foreach (var column in found)
            Check.Parameter(RowsWithoutMissingValues.CanTell(column.Type), nameof(columns), $"The column '{column.Name}' is {column.Type}, which has no missing values.");
        return new RowsWithoutMissingValues(input, found);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Check.NotNull(input);
        Check.Parameter(shufflePoolSize > 0, nameof(shufflePoolSize), "The pool needs room for one row or more.");
        return new ShuffleView(input, seed ?? AnySeed(), shufflePoolSize, shuffleSource);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        Check.NotNull(data);
        Check.Parameter(testFraction is > 0 and < 1, nameof(testFraction), "The share of the test rows is more than 0 and less than 1.");
        int rows = SplitSeed(_env, samplingKeyColumnName, seed);
        return new(new RandomRows(data, rows, number => number >= testFraction), new RandomRows(data, rows, number => number < testFraction));
    }

    // Both bounds belong to a fold, as published: a number that is exactly a bound is tested twice and trained on in two folds less.
    internal static IReadOnlyList<TrainTestData> CrossValidationSplit(IHostEnvironment env, IDataView data, int numberOfFolds,
        string? samplingKeyColumnName, int? seed)
    {
        int rows = SplitSeed(env, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            double min = (double)fold / numberOfFolds, max = (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(new RandomRows(data, rows, number => number < min || number > max),
                new RandomRows(data, rows, number => number >= min && number <= max));
        })];
    }

    private static int SplitSeed(IHostEnvironment env, string? samplingKeyColumnName, int? seed)
    {
        Check.InSubset(samplingKeyColumnName is null, "samplingKeyColumnName");
        return seed ?? ((IHostEnvironmentInternal)env).Seed ?? 42;
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
