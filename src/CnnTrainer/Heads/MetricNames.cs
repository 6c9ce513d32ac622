namespace CnnMlNet.Heads;

/// <summary>The names that metrics have in reports.</summary>
internal static class MetricNames
{
    public const string Accuracy = "accuracy";
    public const string MeanIoU = "mean IoU";
    public const string MeanAbsoluteError = "mean absolute error";
    public const string RootMeanSquaredError = "root mean squared error";
}
