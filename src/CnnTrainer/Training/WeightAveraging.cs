using System.Globalization;

namespace CnnMlNet;

/// <summary>
/// Keeps an average of the weights over the steps, which generalises better than the last ones; validation, early stopping and the model use
/// it (Polyak and Juditsky 1992). Running statistics of BatchNorm are averaged too. Costs one more copy of the weights. Immutable; thread safe.
/// </summary>
public sealed record WeightAveraging
{
    private WeightAveraging() { }

    /// <summary>Share of the average that a step keeps, once it is warm.</summary>
    public required double Decay { get; init; }

    /// <summary>
    /// Exponential moving average (EMA): average = d * average + (1 - d) * weight after each step, with
    /// d = min(decay, (1 + steps) / (10 + steps)), so that the first weights are soon forgotten.
    /// </summary>
    /// <param name="decay">At least 0, less than 1: about 1 / (1 - decay) steps count. Default 0.999.</param>
    public static WeightAveraging Exponential(double decay = 0.999) => new() { Decay = decay };

    /// <summary><c>exponential, decay 0.999</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exponential, decay {Decay}");

    /// <summary>What is out of range, one sentence each.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Decay is not (>= 0 and < 1)) yield return FormattableString.Invariant($"WeightAveraging: the decay is {Decay}; it must be at least 0 and less than 1.");
    }
}
