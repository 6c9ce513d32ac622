using System.Numerics;

namespace CnnMlNet.Duplicates;

/// <summary>Finds the pairs of two sides.</summary>
/// <param name="train">One side.</param>
/// <param name="test">The other.</param>
/// <param name="maxDistance">Bits that near-equal images may differ in.</param>
/// <param name="maxPairs">Pairs to list.</param>
internal sealed class DuplicateSearch(List<Fingerprint> train, List<Fingerprint> test, int maxDistance, int maxPairs)
{
    public DuplicateReport Run(string columnName, bool areFiles)
    {
        var byContent = train.Index().ToLookup(row => row.Item.Content, row => row.Index);
        int[] equal = [.. test.Select(print => byContent[print.Content].Count())];
        var listed = test.Index().SelectMany(row => byContent[row.Item.Content].Select(other => Pair(other, row.Index, 0, isEqual: true))).Take(maxPairs).ToList();

        var (trainLooks, testLooks) = (ByLooks(train), ByLooks(test));
        var near = new long[test.Count];   // equal ones too
        var alike = new List<(ulong Train, ulong Test)>[maxDistance + 1];
        for (int distance = 0; distance <= maxDistance; distance++) alike[distance] = [];
        foreach (var (a, b) in Alike([.. trainLooks.Keys], [.. testLooks.Keys]))
        {
            foreach (int row in testLooks[b]) near[row] += trainLooks[a].Count;
            var pairs = alike[BitOperations.PopCount(a ^ b)];
            if (pairs.Count <= maxPairs) pairs.Add((a, b));
        }

        for (int row = 0; row < near.Length; row++) near[row] -= test[row].Looks is null ? 0 : equal[row];
        listed.AddRange(alike.Index().SelectMany(pairs => pairs.Item.SelectMany(looks => Listed(trainLooks[looks.Train], testLooks[looks.Test], pairs.Index))
            .Take(maxPairs).OrderBy(pair => pair.TestRow).ThenBy(pair => pair.TrainRow)).Take(maxPairs - listed.Count));
        return new DuplicateReport
        {
            ColumnName = columnName,
            TrainRows = train.Count,
            TestRows = test.Count,
            MaxDistance = areFiles ? null : maxDistance,
            EqualPairs = equal.Sum(count => (long)count),
            NearPairs = near.Sum(),
            EqualTestRows = equal.Count(count => count > 0),
            NearTestRows = near.Zip(equal).Count(row => row.First > 0 && row.Second == 0),
            Pairs = listed,
        };
    }

    /// <summary>
    /// Pairs of hashes at most that far apart, each once. The bits are dealt into one band more than may differ, so that such a pair agrees in a whole band:
    /// only hashes that share a band are compared. A band takes bits from all over the image, since a dark border makes neighbouring bits alike.
    /// </summary>
    private IEnumerable<(ulong Train, ulong Test)> Alike(ulong[] ofTrain, ulong[] ofTest)
    {
        var bands = new ulong[maxDistance + 1];
        for (int bit = 0; bit < 64; bit++) bands[bit % bands.Length] |= 1ul << bit;
        for (int band = 0; band < bands.Length; band++)
        {
            var sharing = ofTrain.ToLookup(looks => looks & bands[band]);
            foreach (ulong b in ofTest)
            {
                foreach (ulong a in sharing[b & bands[band]])
                {
                    if (BitOperations.PopCount(a ^ b) <= maxDistance && !SharesBefore(a ^ b, band)) yield return (a, b);
                }
            }
        }

        bool SharesBefore(ulong difference, int band) => bands.Take(band).Any(before => (difference & before) == 0);
    }

    private IEnumerable<DuplicatePair> Listed(List<int> trainRows, List<int> testRows, int distance) =>
        from testRow in testRows
        from trainRow in trainRows
        where distance > 0 || train[trainRow].Content != test[testRow].Content
        select Pair(trainRow, testRow, distance, isEqual: false);

    private static DuplicatePair Pair(int trainRow, int testRow, int distance, bool isEqual) =>
        new() { TrainRow = trainRow, TestRow = testRow, Distance = distance, IsEqual = isEqual };

    private static Dictionary<ulong, List<int>> ByLooks(List<Fingerprint> prints)
    {
        var rows = new Dictionary<ulong, List<int>>();
        foreach (var (row, print) in prints.Index())
        {
            if (print.Looks is not { } looks) continue;
            if (!rows.TryGetValue(looks, out var same)) rows[looks] = same = [];
            same.Add(row);
        }

        return rows;
    }
}
