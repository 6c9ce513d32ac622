namespace Microsoft.ML.Data;

/// <summary>What the metrics of two classes need of the rows.</summary>
internal sealed class BinaryCounters(Random random)
{
    // The area under the precision-recall curve is that of a sample where there are more rows.
    private const int MostSampled = 100_000;
    private readonly List<float> _positiveScores = [], _negativeScores = [];
    private readonly List<(float Score, bool Positive)> _sample = [];
    // By predicted class: positive, negative.
    private readonly double[] _ofPositives = new double[2], _ofNegatives = new double[2];
    private double _logLoss, _positivesWithProbability, _negativesWithProbability;

    /// <summary>Rows are the true classes, columns the predicted ones; positive comes first.</summary>
    internal double[][] Confusion => [_ofPositives, _ofNegatives];

    internal double Accuracy => (_ofPositives[0] + _ofNegatives[1]) / (_ofPositives.Sum() + _ofNegatives.Sum());

    internal double Entropy => EntropyOf(_ofPositives.Sum() / (_ofPositives.Sum() + _ofNegatives.Sum()));

    internal double LogLoss => _logLoss / (_positivesWithProbability + _negativesWithProbability);

    internal double LogLossReduction
    {
        get
        {
            double rows = _positivesWithProbability + _negativesWithProbability;
            if (rows == 0) return 0;
            double prior = EntropyOf(_positivesWithProbability / rows);
            return (prior - LogLoss) / prior;
        }
    }

    /// <summary>The share of pairs of a positive and a negative row in which the positive one has the higher score; equal scores count half.</summary>
    internal double AreaUnderRocCurve
    {
        get
        {
            Check.Parameter(_positiveScores.Count > 0, "PosSample", Needs("positive"));
            Check.Parameter(_negativeScores.Count > 0, "NegSample", Needs("negative"));
            var positives = _positiveScores.Order().ToArray();
            var negatives = _negativeScores.Order().ToArray();
            int below = 0, upTo = 0;
            double pairs = 0;
            foreach (float score in positives)
            {
                while (below < negatives.Length && negatives[below] < score) below++;
                while (upTo < negatives.Length && negatives[upTo] <= score) upTo++;
                pairs += below + (0.5 * (upTo - below));
            }
            return pairs / ((double)positives.Length * negatives.Length);
        }
    }

    /// <summary>
    /// The lower trapezoid estimator (Boyd, Eng and Page, ECML 2013): precision between two positive rows is the mean of what it is before and
    /// after the second. Rows of equal score come in the order of the data, so their order matters.
    /// </summary>
    internal double AreaUnderPrecisionRecallCurve
    {
        get
        {
            double positives = _sample.Count(row => row.Positive), area = 0, precision = 1, recall = 0;
            int seen = 0, found = 0;
            foreach (var (_, positive) in _sample.OrderByDescending(row => row.Score))
            {
                seen++;
                if (positive) found++;
                double before = precision, reached = found / positives;
                precision = (double)found / seen;
                if (positive) area += (reached - recall) * (before + precision) / 2;
                recall = reached;
            }
            return area;
        }
    }

    internal void Add(bool positive, float score, float probability)
    {
        (positive ? _ofPositives : _ofNegatives)[score > 0 ? 0 : 1]++;
        (positive ? _positiveScores : _negativeScores).Add(score);
        Sample(score, positive);
        // One row without a probability makes the log-loss NaN, as published.
        _logLoss += -Math.Log(positive ? probability : 1.0 - probability, 2);
        if (float.IsNaN(probability)) return;
        if (positive) _positivesWithProbability++;
        else _negativesWithProbability++;
    }

    // Every row has the same chance to be in the sample (reservoir sampling).
    private void Sample(float score, bool positive)
    {
        int rows = _positiveScores.Count + _negativeScores.Count;
        if (rows <= MostSampled) _sample.Add((score, positive));
        else if (random.NextDouble() * rows < MostSampled) _sample[random.Next(MostSampled)] = (score, positive);
    }

    private static string Needs(string kind) =>
        $"The area under the ROC curve needs rows of both classes, but no {kind} row has a label and a finite score.";

    // In bits.
    private static double EntropyOf(double share) => share is 0 or 1 ? 0 : (-share * Math.Log(share, 2)) - ((1 - share) * Math.Log(1 - share, 2));
}
