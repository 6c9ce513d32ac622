namespace CnnMlNet.Tests.Speed;

/// <summary>
/// The most that each may ask for, of a network of two convolutions with BatchNorm, ReLU and MaxPool, with Adam: what was measured, and some three per
/// cent. The measured number stands beside it. It is the same each time but for a fraction, where what an epoch or a cursor costs is shared out.
/// </summary>
internal static class Limits
{
    /// <summary>41.2: the layers and the loss forward, all of it backward in one call, Adam on one slab of all parameters, and measuring the batch.</summary>
    public const double StepCalls = 42.5;

    /// <summary>7,941: handles of the step's tensors, arguments of the calls, and an epoch's report shared out.</summary>
    public const double StepBytes = 8180;

    /// <summary>15: the layers with BatchNorm folded into the convolutions, the probabilities, and reading them.</summary>
    public const double PredictCalls = 15.5;

    /// <summary>3,368.</summary>
    public const double PredictBytes = 3470;

    /// <summary>15: one batch.</summary>
    public const double ScoredCalls = 15.5;

    /// <summary>3,296: as much as for a single row, so nothing for each.</summary>
    public const double ScoredBytes = 3400;
}
