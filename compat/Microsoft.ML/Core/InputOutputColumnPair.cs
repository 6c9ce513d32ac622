namespace Microsoft.ML;

/// <summary>The input and output column of a one-to-one transform; the output may replace the input.</summary>
public sealed class InputOutputColumnPair(string outputColumnName, string? inputColumnName = null)
{
    public string InputColumnName { get; } = inputColumnName ?? Check.NotEmpty(outputColumnName);

    public string OutputColumnName { get; } = Check.NotEmpty(outputColumnName);
}
