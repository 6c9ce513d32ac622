namespace Microsoft.ML.Data;

/// <summary>Sums over rows: the true class, the scores, and what follows from them.</summary>
internal sealed class MulticlassCounters(int classes)
{
    // In single precision, as published.
    private const float SmallestProbability = 1e-15f;
    private readonly double[] _rowsOf = new double[classes];
    private readonly double[] _logLossOf = new double[classes];
    private double _rows, _correct, _logLoss;

    internal double[][] Confusion { get; } = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];

    internal double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    internal double MacroAccuracy
    {
        get
        {
            var recalls = Enumerable.Range(0, classes).Where(c => _rowsOf[c] > 0).Select(c => Confusion[c][c] / _rowsOf[c]).ToArray();
            return recalls.Length > 0 ? recalls.Sum() / recalls.Length : 0;
        }
    }

    internal double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    internal double LogLossReduction
    {
        get
        {
            double entropy = _rowsOf.Where(n => n != 0).Sum(n => n * Math.Log(n / _rows)) / -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    internal double[] PerClassLogLoss => [.. _logLossOf.Select((sum, c) => _rowsOf[c] > 0 ? sum / _rowsOf[c] : 0)];

    /// <summary>The label is a class index; one beyond the scores was not seen in training and is always wrong.</summary>
    internal void Add(int label, ReadOnlySpan<float> scores)
    {
        bool known = label < classes;
        float own = known ? scores[label] : 0;
        // Among equal scores the first class comes first.
        int rank = 0, best = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > own || (scores[i] == own && i < label)) rank++;
            if (scores[best] < scores[i]) best = i;
        }
        double loss = -Math.Log(known ? Math.Min(1, Math.Max(SmallestProbability, own)) : SmallestProbability);
        _rows++;
        _logLoss += loss;
        if (!known) return;
        _rowsOf[label]++;
        _logLossOf[label] += loss;
        Confusion[label][rank == 0 ? label : best]++;
        if (rank == 0) _correct++;
    }
}
