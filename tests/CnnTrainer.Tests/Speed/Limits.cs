namespace CnnMlNet.Tests.Speed;

/// <summary>
/// The most that each may ask for, of a network of two convolutions with BatchNorm, ReLU, MaxPool and Adam: what was measured, and some three per
/// cent. The measured number stands beside it. It is the same each time but for a fraction, where what an epoch or a cursor costs is shared out.
/// </summary>
internal static class Limits
{
    /// <summary>15 layers and the loss forward, backward in one call, 10 parameters in Adam, gathering the batch and measuring it: 102.2.</summary>
    public const double StepCalls = 105;

    /// <summary>6,788: handles of the step's tensors, and an epoch's report shared out.</summary>
    public const double StepBytes = 7000;

    /// <summary>17.</summary>
    public const double PredictCalls = 17.5;

    /// <summary>3,504.</summary>
    public const double PredictBytes = 3620;

    /// <summary>17: one batch, nothing for each row.</summary>
    public const double ScoredCalls = 17.5;

    /// <summary>3,432: as much as a single row, so nothing for each row.</summary>
    public const double ScoredBytes = 3550;
}
