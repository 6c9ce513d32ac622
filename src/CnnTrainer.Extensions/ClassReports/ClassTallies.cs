namespace CnnMlNet.ClassReports;

/// <summary>How often each class is true, predicted, and both: what precision, recall and F1 are made of.</summary>
internal sealed class ClassTallies(int classes)
{
    public long[] Right { get; } = new long[classes];

    public long[] Support { get; } = new long[classes];

    public long[] Predicted { get; } = new long[classes];

    public long Rows { get; private set; }

    public double Accuracy => Ratio(Right.Sum(), Rows);

    public void Clear()
    {
        foreach (var counts in new[] { Right, Support, Predicted }) Array.Clear(counts);
        Rows = 0;
    }

    public void Add(int truth, int predicted, long rows = 1)
    {
        Rows += rows;
        Support[truth] += rows;
        Predicted[predicted] += rows;
        if (truth == predicted) Right[truth] += rows;
    }

    public double Precision(int index) => Ratio(Right[index], Predicted[index]);

    public double Recall(int index) => Ratio(Right[index], Support[index]);

    public double F1(int index) => Ratio(2 * Right[index], Support[index] + Predicted[index]);

    /// <summary>The mean over the classes that have rows or were predicted.</summary>
    public ClassAverage Macro() => Average(index => Support[index] + Predicted[index] > 0 ? 1 : 0);

    /// <summary>The mean over the rows, each with the numbers of its class.</summary>
    public ClassAverage Weighted() => Average(index => Support[index]);

    private ClassAverage Average(Func<int, double> weight)
    {
        double sum = 0, precision = 0, recall = 0, f1 = 0;
        for (int i = 0; i < Support.Length; i++)
        {
            double share = weight(i);
            sum += share;
            precision += share * Precision(i);
            recall += share * Recall(i);
            f1 += share * F1(i);
        }

        return new ClassAverage { Precision = precision / sum, Recall = recall / sum, F1 = f1 / sum };
    }

    // 0 where there is nothing to divide by: scikit-learn's zero_division=0.
    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
