namespace Microsoft.ML.Runtime;

/// <summary>Opens progress channels.</summary>
public interface IProgressChannelProvider
{
    IProgressChannel StartProgressChannel(string name);
}

/// <summary>Takes the progress of one calculation.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    void SetHeader(ProgressHeader header, Action<IProgressEntry>? fillAction);

    void Checkpoint(params double?[] values);
}

/// <summary>Names of the metrics and of the units in which progress is counted.</summary>
public sealed class ProgressHeader(string[]? metricNames, string[]? unitNames)
{
    public readonly IReadOnlyList<string> UnitNames = unitNames ?? [];
    public readonly IReadOnlyList<string> MetricNames = metricNames ?? [];

    public ProgressHeader(params string[] unitNames) : this(null, unitNames) { }
}

/// <summary>Receives the current state of a calculation.</summary>
public interface IProgressEntry
{
    void SetProgress(int index, double value, double lim);

    void SetMetric(int index, double value);
}
