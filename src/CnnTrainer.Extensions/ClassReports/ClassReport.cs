using CnnMlNet.ClassReports;

namespace CnnMlNet;

/// <summary>
/// How well classes were predicted, in numbers: those of scikit-learn's classification_report (zero_division=0), confusion_matrix and
/// top_k_accuracy_score. Made by <c>ml.MulticlassClassification.ClassReport</c> and <c>ml.BinaryClassification.ClassReport</c>. Immutable; thread safe.
/// </summary>
public sealed class ClassReport
{
    private readonly ScoredRows _rows;

    private ClassReport(ScoredRows rows) => _rows = rows;

    /// <summary>Rows with a label: all that the numbers are of; at least 1.</summary>
    public long Rows => _rows.Rows.Count;

    /// <summary>Rows that were left out, as their label is missing or no class that the model knows.</summary>
    public long RowsWithoutLabel => _rows.WithoutLabel;

    /// <summary>Share of the rows whose predicted class is the true one; 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean over the rows of the negative natural logarithm of the true class's probability, which counts as at least 1e-15; in nats, best 0.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The classes, in the order of the score; those that neither have rows nor were predicted, too.</summary>
    public required IReadOnlyList<ClassScore> Classes { get; init; }

    /// <summary>The mean over the classes that have rows or were predicted: what scikit-learn averages over where it is given no list of labels.</summary>
    public required ClassAverage MacroAverage { get; init; }

    /// <summary>The mean over the classes, each weighed by its rows.</summary>
    public required ClassAverage WeightedAverage { get; init; }

    /// <summary>The confusion matrix.</summary>
    public required ClassConfusion Confusion { get; init; }

    /// <summary>How well the probability of the predicted class says how often it is right, in 15 bins.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>A few numbers of each row.</summary>
    internal IReadOnlyList<ScoredRow> ScoredRows => _rows.Rows;

    /// <summary>Share of the rows whose true class is among the k most probable ones; 0 to 1, and 1 where there are no more than k classes.</summary>
    /// <remarks>Of classes with equal probabilities the later one comes first, as in scikit-learn: only then can k = 1 give other than the accuracy.</remarks>
    /// <param name="k">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public double TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return (double)_rows.Rows.Count(row => row.Rank <= k) / Rows;
    }

    /// <summary>The pairs of classes that were taken for each other most often, by the number of rows; of equals those of earlier classes come first.</summary>
    /// <param name="n">How many at most; at least 1. Default 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public IReadOnlyList<ConfusedPair> MostConfused(int n = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return [.. _rows.Rows.Where(row => !row.IsRight).CountBy(row => (row.Truth, row.Predicted))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(n).Select(pair => new ConfusedPair
            {
                True = Classes[pair.Key.Truth].Name, Predicted = Classes[pair.Key.Predicted].Name, Count = pair.Value,
                ShareOfTrue = (double)pair.Value / Classes[pair.Key.Truth].Support,
            })];
    }

    /// <summary><see cref="Calibration"/> with another number of bins.</summary>
    /// <param name="bins">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public Calibration CalibrationIn(int bins) => CalibrationOf(_rows, bins);

    /// <summary>
    /// How far off chance may have put the numbers: confidence intervals by the percentile bootstrap (B. Efron, <i>Bootstrap Methods: Another Look at the
    /// Jackknife</i>, 1979). It covers the choice of the test rows, not the training. The same seed gives the same intervals.
    /// </summary>
    /// <remarks>Draws miss rows, so F1 and the macro averages of classes with ten rows or fewer come out a little lower than in the report, and the interval may
    /// lie below it.</remarks>
    /// <param name="level">Share of such intervals that hold the number of endless rows of the same kind; above 0, below 1. Default 0.95.</param>
    /// <param name="resamples">How often as many rows as there are are drawn, with replacement; at least 1. Default 1000.</param>
    /// <param name="seed">The seed; any number. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ReportIntervals Bootstrap(double level = 0.95, int resamples = 1000, int seed = 1)
    {
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), FormattableString.Invariant($"The level is {level}; it must be above 0 and below 1."));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        return new Resampling(_rows, level, resamples, seed).Run(this);
    }

    /// <summary>
    /// Everything but the intervals, as indented JSON; numbers are not rounded. <c>confusion</c> is the matrix of counts, a row for each true class;
    /// <c>topKAccuracy</c> has k = 1, 2, 3, 5 and 10 as far as there are more classes. Characters that mean something in HTML are escaped.
    /// </summary>
    public string ToJson() => ReportJson.Of(this);

    /// <summary>
    /// The same as <see cref="ToString"/> as a table in Markdown (GitHub's), and a table of <see cref="MostConfused"/>. Class names are escaped, so that a
    /// reader sees them as they are.
    /// </summary>
    public string ToMarkdown() => ReportMarkdown.Of(this);

    /// <summary>
    /// A table of precision, recall, F1 and support for each class that has rows or was predicted, as scikit-learn prints it, with four digits; then the
    /// other numbers, and what is to be known of them. A point in numbers, whatever the culture.
    /// </summary>
    public override string ToString() => ReportText.Table(this);

    internal static ClassReport Of(ScoredRows rows)
    {
        int count = rows.Classes.Count;
        var tallies = new ClassTallies(count);
        long[][] confusion = [.. Enumerable.Range(0, count).Select(_ => new long[count])];
        foreach (var row in rows.Rows)
        {
            tallies.Add(row.Truth, row.Predicted);
            confusion[row.Truth][row.Predicted]++;
        }

        return new ClassReport(rows)
        {
            Accuracy = tallies.Accuracy, LogLoss = rows.Rows.Average(row => -Math.Log(Math.Max(row.OfTruth, 1e-15))),
            Classes = [.. rows.Classes.Select((name, i) => new ClassScore
            {
                Name = name, Precision = tallies.Precision(i), Recall = tallies.Recall(i), F1 = tallies.F1(i),
                Support = tallies.Support[i], Predicted = tallies.Predicted[i],
            })],
            MacroAverage = tallies.Macro(), WeightedAverage = tallies.Weighted(),
            Confusion = new ClassConfusion { Classes = rows.Classes, Counts = confusion }, Calibration = CalibrationOf(rows, Calibration.DefaultBins),
        };
    }

    private static Calibration CalibrationOf(ScoredRows rows, int bins) => Calibration.Of(rows.Rows.Select(row => (row.OfPredicted, row.IsRight)), bins);
}
