namespace CnnMlNet.Tests.Speed;

/// <summary>The most that each may ask for, of a network of two convolutions with BatchNorm and Adam: what was measured, and a few per cent.</summary>
internal static class Limits
{
    public const double StepCalls = 1, StepBytes = 1;
    public const double PredictCalls = 1, PredictBytes = 1;
    public const double ScoredCalls = 1, ScoredBytes = 1;
}
