using CnnMlNet.Images;

namespace CnnMlNet.ClassReports;

/// <summary>
/// The percentile bootstrap (B. Efron, <i>Bootstrap Methods: Another Look at the Jackknife</i>, 1979): as many rows as there are, drawn with replacement,
/// again and again, and quantiles of what they give.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="level">Share of the draws within an interval.</param>
/// <param name="resamples">Number of draws.</param>
/// <param name="seed">The seed.</param>
internal sealed class Resampling(ScoredRows rows, double level, int resamples, int seed)
{
    private readonly int _classes = rows.Classes.Count;

    public ReportIntervals Run(ClassReport report)
    {
        var (accuracy, precision, recall, f1, weighted) = (Values(), Values(), Values(), Values(), Values());
        var classes = rows.Classes.Select(_ => (Precision: Values(), Recall: Values(), F1: Values())).ToList();
        foreach (var (draw, tallies) in Draws().Index())
        {
            var macro = tallies.Macro();
            (accuracy[draw], precision[draw], recall[draw], f1[draw]) = (tallies.Accuracy, macro.Precision, macro.Recall, macro.F1);
            weighted[draw] = tallies.Weighted().F1;
            for (int i = 0; i < _classes; i++)
            {
                var (support, predicted) = (tallies.Support[i], tallies.Predicted[i]);
                classes[i].Precision[draw] = predicted == 0 ? double.NaN : tallies.Precision(i);
                classes[i].Recall[draw] = support == 0 ? double.NaN : tallies.Recall(i);
                classes[i].F1[draw] = support + predicted == 0 ? double.NaN : tallies.F1(i);
            }
        }

        return new ReportIntervals
        {
            Level = level, Resamples = resamples, Seed = seed, Accuracy = Interval(report.Accuracy, accuracy)!,
            MacroPrecision = Interval(report.MacroAverage.Precision, precision)!, MacroRecall = Interval(report.MacroAverage.Recall, recall)!,
            MacroF1 = Interval(report.MacroAverage.F1, f1)!, WeightedF1 = Interval(report.WeightedAverage.F1, weighted)!,
            Classes = [.. report.Classes.Zip(classes, (score, drawn) => new ClassIntervals
            {
                Name = score.Name, Precision = Interval(score.Precision, drawn.Precision), Recall = Interval(score.Recall, drawn.Recall), F1 = Interval(score.F1, drawn.F1),
            })],
        };
    }

    /// <summary>The tallies of each draw; one object, which the next draw overwrites.</summary>
    private IEnumerable<ClassTallies> Draws()
    {
        // What counts of a row is its cell of the confusion matrix, and there are far fewer of them than rows.
        var cells = rows.Rows.Select(row => (row.Truth, row.Predicted)).Distinct().ToArray();
        var indices = cells.Index().ToDictionary(cell => cell.Item, cell => cell.Index);
        int[] cellOf = [.. rows.Rows.Select(row => indices[(row.Truth, row.Predicted)])];
        var (counts, tallies) = (new int[cells.Length], new ClassTallies(_classes));
        for (int draw = 0; draw < resamples; draw++)
        {
            Array.Clear(counts);
            Count(cellOf, counts, new RandomStream(RandomStream.Scramble(RandomStream.Scramble((uint)seed) ^ (uint)draw)));
            tallies.Clear();
            foreach (var (index, (truth, predicted)) in cells.Index()) tallies.Add(truth, predicted, counts[index]);
            yield return tallies;
        }
    }

    private static void Count(int[] cellOf, int[] counts, RandomStream random)
    {
        for (int i = 0; i < cellOf.Length; i++) counts[cellOf[random.Below(cellOf.Length)]]++;
    }

    private double[] Values() => new double[resamples];

    private ConfidenceInterval? Interval(double estimate, double[] values)
    {
        double[] defined = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return defined.Length == 0 ? null : new ConfidenceInterval
        {
            Estimate = estimate, Lower = Quantile(defined, (1 - level) / 2), Upper = Quantile(defined, (1 + level) / 2),
        };
    }

    /// <summary>Between neighbours in proportion, as numpy.percentile.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
