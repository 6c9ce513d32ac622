namespace CnnMlNet.Scoring;

/// <summary>Probabilities of logits divided by a temperature (Guo et al., 2017): above 1 they are less sure, below 1 surer, and the order stays.</summary>
internal static class Tempered
{
    /// <summary>Softmax. One logit alone is that of yes, beside a 0 for no.</summary>
    /// <param name="logits">Of one row.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="into">As many probabilities.</param>
    public static void Probabilities(ReadOnlySpan<float> logits, double temperature, Span<float> into)
    {
        double sum = Sum(logits, temperature, out float largest);
        for (int i = 0; i < logits.Length; i++) into[i] = (float)(Math.Exp((logits[i] - (double)largest) / temperature) / sum);
    }

    /// <summary>The probability of the predicted class.</summary>
    public static double Confidence(ReadOnlySpan<float> logits, double temperature) => 1 / Sum(logits, temperature, out _);

    /// <summary>Sum of exp((logit - largest) / temperature).</summary>
    private static double Sum(ReadOnlySpan<float> logits, double temperature, out float largest)
    {
        largest = logits.Length == 1 ? Math.Max(0, logits[0]) : logits[0];
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        double sum = logits.Length == 1 ? Math.Exp((0.0 - largest) / temperature) : 0;
        foreach (float logit in logits) sum += Math.Exp((logit - (double)largest) / temperature);
        return sum;
    }

    /// <summary>What is wrong with a temperature, as the columns say it.</summary>
    public static IEnumerable<string> Errors(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
            yield return FormattableString.Invariant($".Temperature is {temperature}; it must be greater than 0 and finite.");
    }
}
