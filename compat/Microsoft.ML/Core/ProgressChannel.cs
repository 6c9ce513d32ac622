namespace Microsoft.ML.Runtime;

/// <summary>Checks what is reported. As published, MLContext does not listen to progress, which goes no further.</summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private ProgressHeader _header = new([]);
    private bool _disposed;

    public ProgressChannel(string name) => Check.NotEmpty(name);

    public void SetHeader(ProgressHeader header, Action<IProgressEntry>? fillAction) => _header = Check.NotNull(header);

    public void Checkpoint(params double?[] values)
    {
        Check.State(!_disposed, "The progress channel is disposed: report before that.");
        // The metrics, then the progress in each unit, then the limit of each unit; fewer values are fine.
        int most = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        Check.State((values?.Length ?? 0) <= most, $"{values?.Length} values were reported, but the header has names for {most}.");
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name);

    public void Dispose() => _disposed = true;
}
