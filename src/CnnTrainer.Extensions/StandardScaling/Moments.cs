namespace CnnMlNet.StandardScaling;

/// <summary>
/// Count, mean and sum of squared deviations of each slot, updated row by row (Welford 1962) and merged (Chan, Golub and LeVeque 1979):
/// one pass, and stable where the mean is large against the deviation.
/// </summary>
internal sealed class Moments(int slots)
{
    private readonly double[] _mean = new double[slots];
    private readonly double[] _squares = new double[slots];

    public long Rows { get; private set; }

    public void Add(ReadOnlySpan<float> row)
    {
        double share = 1.0 / ++Rows;
        var mean = _mean.AsSpan(0, row.Length);
        var squares = _squares.AsSpan(0, row.Length);
        for (int i = 0; i < row.Length; i++)
        {
            double before = row[i] - mean[i];
            mean[i] += before * share;
            squares[i] += before * (row[i] - mean[i]);
        }
    }

    /// <summary>Mean and scale of groups of adjacent slots that share theirs; the slots are divided evenly.</summary>
    public (double[] Means, double[] Scales) Of(int groups)
    {
        int size = slots / groups;
        var (means, scales) = (new double[groups], new double[groups]);
        for (int group = 0; group < groups; group++)
        {
            var (count, mean, squares) = (0.0, 0.0, 0.0);
            for (int slot = group * size; slot < (group + 1) * size; slot++)
            {
                double difference = _mean[slot] - mean;
                double total = count + Rows;
                squares += _squares[slot] + difference * difference * count * Rows / total;
                mean += difference * Rows / total;
                count = total;
            }

            (means[group], scales[group]) = (mean, Scale(count, mean, squares / count));
        }

        return (means, scales);
    }

    /// <summary>The population standard deviation; 1 for what scikit-learn takes for constant within the rounding of a double.</summary>
    private static double Scale(double count, double mean, double variance)
    {
        const double Epsilon = 2.220446049250313e-16;   // the gap between 1 and the next double
        double rounding = count * Epsilon * variance + Math.Pow(count * mean * Epsilon, 2);
        return variance <= rounding ? 1 : Math.Sqrt(variance);
    }
}
