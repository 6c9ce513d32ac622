namespace CnnMlNet;

/// <summary>
/// How well the probability of the predicted class says how often it is right. Errors as in C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, <i>On
/// Calibration of Modern Neural Networks</i>, 2017, equations 3 and 5. Immutable; thread safe.
/// </summary>
public sealed class Calibration
{
    /// <summary>Number of bins where none is given.</summary>
    internal const int DefaultBins = 15;

    internal Calibration() { }

    /// <summary>Bins of equal width from 0 to 1, in order; a bin has the rows whose probability is above its lower bound and at most its upper one.</summary>
    public required IReadOnlyList<CalibrationBin> Bins { get; init; }

    /// <summary>Mean over the rows of the difference of accuracy and mean probability in the row's bin; 0 to 1, best 0.</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>The largest of these differences; 0 to 1, best 0.</summary>
    public required double MaximumCalibrationError { get; init; }

    /// <summary>What probabilities of predictions are worth, and whether each was right.</summary>
    internal static Calibration Of(IEnumerable<(float Probability, bool IsRight)> predictions, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var (rows, right, sums) = (new long[bins], new long[bins], new double[bins]);
        foreach (var (probability, isRight) in predictions)
        {
            int bin = Math.Clamp((int)Math.Ceiling((double)probability * bins) - 1, 0, bins - 1);
            rows[bin]++;
            sums[bin] += probability;
            if (isRight) right[bin]++;
        }

        CalibrationBin[] all = [.. Enumerable.Range(0, bins).Select(bin => new CalibrationBin
        {
            Lower = (double)bin / bins, Upper = (bin + 1.0) / bins, Rows = rows[bin],
            MeanProbability = rows[bin] == 0 ? null : sums[bin] / rows[bin], Accuracy = rows[bin] == 0 ? null : (double)right[bin] / rows[bin],
        })];
        double count = Math.Max(1, rows.Sum());
        return new Calibration
        {
            Bins = all, ExpectedCalibrationError = all.Sum(bin => bin.Rows / count * Gap(bin)), MaximumCalibrationError = all.Max(Gap),
        };
    }

    private static double Gap(CalibrationBin bin) => Math.Abs((bin.Accuracy - bin.MeanProbability) ?? 0);
}
