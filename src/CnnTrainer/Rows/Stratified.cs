using System.Collections;

namespace CnnMlNet.Rows;

/// <summary>Draws the same share of each class.</summary>
internal static class Stratified
{
    /// <summary>Marks round(n * fraction) of the n rows of each class, at most n - 1: each class keeps a row unmarked.</summary>
    /// <param name="classes">The class of each row.</param>
    /// <param name="fraction">Share to mark, 0 to 1.</param>
    /// <param name="atLeast">Rows to mark of each class that has more.</param>
    /// <param name="random">Decides which.</param>
    public static BitArray Draw<T>(IReadOnlyList<T> classes, double fraction, int atLeast, Random random)
    {
        var rows = Enumerable.Range(0, classes.Count).ToArray();
        random.Shuffle(rows);
        var drawn = new BitArray(classes.Count);
        foreach (var members in rows.GroupBy(row => classes[row]).Select(group => group.ToArray()))
        {
            int share = (int)Math.Round(members.Length * fraction, MidpointRounding.AwayFromZero);
            foreach (int row in members.Take(Math.Min(Math.Max(share, atLeast), members.Length - 1))) drawn[row] = true;
        }

        return drawn;
    }

    /// <summary>A fold for each row, from 0. Every class is dealt out in turn, one class going on where the one before ended: no two folds differ by
    /// more than one row of a class, nor in all.</summary>
    /// <param name="classes">The class of each row.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="random">Decides which.</param>
    public static int[] Deal<T>(IReadOnlyList<T> classes, int folds, Random random)
    {
        var rows = Enumerable.Range(0, classes.Count).ToArray();
        random.Shuffle(rows);
        var dealt = new int[rows.Length];
        foreach (var (turn, row) in rows.GroupBy(row => classes[row]).SelectMany(members => members).Index()) dealt[row] = turn % folds;
        return dealt;
    }
}
