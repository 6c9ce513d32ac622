namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, over buffers that are reused from row to row.</summary>
public readonly struct VBuffer<T>
{
    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    public readonly int Length;

    /// <summary>A dense vector. The array is taken, not copied.</summary>
    public VBuffer(int length, T[]? values, int[]? indices = null) : this(length, length, values, indices) { }

    /// <summary>A vector with count explicit values, at ascending indices if they are fewer than length. Takes the arrays.</summary>
    public VBuffer(int length, int count, T[]? values, int[]? indices)
    {
        Check.Parameter(length >= 0, nameof(length));
        Check.Parameter(0 <= count && count <= length, nameof(count));
        Check.Parameter((values?.Length ?? 0) >= count, nameof(values));
        Check.Parameter(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        (Length, _count, _values, _indices) = (length, count, values, indices);
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public T GetItemOrDefault(int index)
    {
        Check.Parameter(0 <= index && index < Length, nameof(index));
        if (IsDense)
            return _values![index];
        int at = GetIndices().BinarySearch(index);
        return at >= 0 ? _values![at] : default!;
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Writes all slots, the implicit ones as the default value.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        Check.Parameter(0 <= destinationIndex && destinationIndex <= destination.Length - Length, nameof(destination),
            $"{Length} values from place {destinationIndex} on do not fit into {destination.Length} places.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            target[_indices![i]] = _values![i];
    }

    /// <summary>The values of all slots.</summary>
    public IEnumerable<T> DenseValues()
    {
        int next = 0;
        for (int slot = 0; slot < Length; slot++)
            yield return IsDense ? _values![slot] : next < _count && _indices![next] == slot ? _values![next++] : default!;
    }

    public override string ToString() =>
        IsDense ? $"{Length} values" : $"{Length} values, {_count} of them explicit";

    internal VBufferEditor<T> Edit(int length, int? count, bool keepOld, bool indicesOnDense)
    {
        Check.Parameter(length >= 0, "newLogicalLength", "A vector has 0 slots or more.");
        int physical = count ?? length;
        Check.Parameter(0 <= physical && physical <= length, "valuesCount", "A vector has no more explicit values than slots.");
        var values = Sized(_values, physical, keepOld);
        bool needsIndices = physical < length || indicesOnDense;
        var indices = needsIndices ? Sized(_indices, physical, keepOld) : _indices;
        return new(length, physical, values, indices, needsIndices);
    }

    private static TItem[]? Sized<TItem>(TItem[]? old, int size, bool keepOld)
    {
        if ((old?.Length ?? 0) >= size)
            return old;
        var grown = new TItem[size];
        if (keepOld)
            old?.CopyTo(grown, 0);
        return grown;
    }
}
