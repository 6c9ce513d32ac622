using System.Globalization;

namespace CnnMlNet;

/// <summary>
/// The temperature at which a classifier's probabilities fit some rows best, and what it changes there. Made by
/// <c>ml.MulticlassClassification.FitTemperature</c> and <c>ml.BinaryClassification.FitTemperature</c>; used in <see cref="ExtraColumn.Calibrated"/> and <see cref="ExtraColumn.Reject"/>.
/// </summary>
public sealed record TemperatureFit
{
    /// <summary>
    /// What the logits are to be divided by: above 1 where the network is too sure, below 1 where it is not sure enough; 0.01 to 100, and one of these where the loss
    /// falls ever on: 0.01 where all rows are right, 100 where the logits say less than nothing. 1 where no temperature changes anything.
    /// </summary>
    public required double Temperature { get; init; }

    /// <summary>Mean negative logarithm of the probability of the true class, in nats, at the temperature 1.</summary>
    public required double LogLossBefore { get; init; }

    /// <summary>The same at <see cref="Temperature"/>, where it is least.</summary>
    public required double LogLossAfter { get; init; }

    /// <summary>
    /// How far the probability of the predicted class lies from the share of rows that are right: the mean over 15 bins of equal width, weighted by their rows; 0 to 1
    /// (Guo et al., 2017, equation 3). At the temperature 1.
    /// </summary>
    public required double ExpectedCalibrationErrorBefore { get; init; }

    /// <summary>The same at <see cref="Temperature"/>.</summary>
    public required double ExpectedCalibrationErrorAfter { get; init; }

    /// <summary>How many rows were read.</summary>
    public required long Rows { get; init; }

    /// <summary>All of it in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Temperature {Temperature:0.0000}: log loss {LogLossBefore:0.0000} -> {LogLossAfter:0.0000}, expected calibration error {ExpectedCalibrationErrorBefore:0.0000} -> {ExpectedCalibrationErrorAfter:0.0000} ({Rows} rows)");
}
