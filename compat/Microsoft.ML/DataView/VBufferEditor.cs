namespace Microsoft.ML.Data;

/// <summary>Opens a vector's buffers for writing, grown if need be.</summary>
public static class VBufferEditor
{
    /// <summary>Sparse when valuesCount is below newLogicalLength. Old contents are undefined unless keepOldOnResize.</summary>
    public static VBufferEditor<T> Create<T>(scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false) =>
        destination.Edit(newLogicalLength, valuesCount, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>A vector's buffers, to be written and then committed.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[]? _values;
    private readonly int[]? _indices;

    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    internal VBufferEditor(int length, int count, T[]? values, int[]? indices, bool usesIndices)
    {
        (_length, _values, _indices) = (length, values, indices);
        Values = values.AsSpan(0, count);
        Indices = usesIndices ? indices.AsSpan(0, count) : default;
    }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);
}
