using CnnMlNet.Scoring;

namespace CnnMlNet;

/// <summary>
/// Minimises the negative log likelihood of softmax(logits * b) over b = 1 / temperature, in which it is convex: Newton's steps on its derivative, kept within an
/// interval that shrinks around the zero.
/// </summary>
internal static class TemperatureSearch
{
    private const double Most = 100;   // and 1 / 100: where all rows are right, or more wrong than by chance, the loss falls ever on
    private const double Tolerance = 1e-12;
    private const int MostSteps = 200;

    public static TemperatureFit Fit(LogitRows rows)
    {
        double temperature = 1 / Minimum(rows);
        return new TemperatureFit
        {
            Temperature = temperature,
            LogLossBefore = LogLoss(rows, 1),
            LogLossAfter = LogLoss(rows, temperature),
            ExpectedCalibrationErrorBefore = CalibrationError(rows, 1),
            ExpectedCalibrationErrorAfter = CalibrationError(rows, temperature),
            Rows = rows.Labels.Count,
        };
    }

    private static double Minimum(LogitRows rows)
    {
        double low = 1 / Most, high = Most, b = 1;
        if (Slope(rows, low).Slope >= 0) return Slope(rows, high).Slope <= 0 ? 1 : low;   // flat everywhere: any will do
        if (Slope(rows, high).Slope <= 0) return high;
        for (int step = 0; step < MostSteps && high - low > Tolerance * low; step++)
        {
            var (slope, curvature) = Slope(rows, b);
            if (slope == 0) return b;
            if (slope < 0) low = b;
            else high = b;
            double next = b - slope / curvature;
            if (Math.Abs(next - b) <= Tolerance * b) return b;
            b = next > low && next < high ? next : Math.Sqrt(low * high);
        }

        return b;
    }

    /// <summary>The loss's first and second derivative by b: the mean, and the variance, of the logits by their probabilities, less the true class's logit.</summary>
    private static (double Slope, double Curvature) Slope(LogitRows rows, double b)
    {
        double slope = 0, curvature = 0;
        foreach (var (row, logits) in rows.Logits.Index())
        {
            double largest = logits.Max(), sum = 0, first = 0, second = 0;
            foreach (float logit in logits)
            {
                double below = logit - largest, share = Math.Exp(below * b);
                sum += share;
                first += share * below;
                second += share * below * below;
            }

            double mean = first / sum;
            slope += mean - (logits[rows.Labels[row]] - largest);
            curvature += second / sum - mean * mean;
        }

        return (slope / rows.Labels.Count, curvature / rows.Labels.Count);
    }

    private static double LogLoss(LogitRows rows, double temperature)
    {
        double sum = 0;
        foreach (var (row, logits) in rows.Logits.Index())
        {
            double largest = logits.Max();
            sum += (largest - logits[rows.Labels[row]]) / temperature + Math.Log(logits.Sum(logit => Math.Exp((logit - largest) / temperature)));
        }

        return sum / rows.Labels.Count;
    }

    private static double CalibrationError(LogitRows rows, double temperature) => Calibration.Of(rows.Logits.Select((logits, row) =>
        ((float)Tempered.Confidence(logits, temperature), Array.IndexOf(logits, logits.Max()) == rows.Labels[row]))).ExpectedCalibrationError;
}
