using System.Numerics;

namespace CnnMlNet.Splits;

/// <summary>
/// Divides groups of rows, each whole, into parts of given shares. The method is that of scikit-learn's StratifiedGroupKFold, for parts of any
/// size: the largest groups first, each goes where the classes then lie nearest to the shares.
/// </summary>
/// <param name="members">The rows of each group.</param>
/// <param name="classes">The class of each row.</param>
internal sealed class WholeGroups(IReadOnlyList<int[]> members, IReadOnlyList<object> classes)
{
    /// <summary>A part for each group. Where all rows are of one class, no two parts of equal share differ by more rows than the largest group has,
    /// and of two parts neither misses its share by more than half of that.</summary>
    /// <param name="shares">The share of rows of each part; their sum is 1.</param>
    /// <param name="random">Decides between groups of like sizes.</param>
    public int[] Deal(double[] shares, Random random)
    {
        var totals = classes.CountBy(value => value).ToDictionary();
        var numbers = totals.Keys.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var given = shares.Select(_ => new double[numbers.Count]).ToArray();   // share of each class, by part
        var rows = new long[shares.Length];
        var order = Enumerable.Range(0, members.Count).ToArray();
        random.Shuffle(order);
        var dealt = new int[members.Count];
        // A power of two is near enough for a size: were it exact, groups that differ in size would leave nothing to the seed.
        foreach (int group in order.OrderByDescending(group => BitOperations.Log2((uint)members[group].Length)))
        {
            var added = members[group].CountBy(row => classes[row])
                .Select(pair => (Class: numbers[pair.Key], Share: pair.Value / (double)totals[pair.Key])).ToArray();
            int part = Enumerable.Range(0, shares.Length).MinBy(part => (Math.Round(Cost(given[part], added, shares[part]), 12), rows[part] / shares[part]));
            foreach (var (number, share) in added) given[part][number] += share;
            rows[part] += members[group].Length;
            dealt[group] = part;
        }

        return dealt;
    }

    /// <summary>What a group adds to the sum of squared shares of classes over the size of the part: least where all parts hold what they should.</summary>
    private static double Cost(double[] given, (int Class, double Share)[] added, double size) =>
        added.Sum(pair => pair.Share * (2 * given[pair.Class] + pair.Share)) / size;
}
