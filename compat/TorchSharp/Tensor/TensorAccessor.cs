using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a tensor on the CPU, in row-major order whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly T* _data;
    private torch.Tensor? _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _data = (T*)tensor.Data;
        _tensor = tensor;
    }

    public long Count => _tensor?.NumberOfElements ?? 0;

    public bool IsReadOnly => false;

    private torch.Tensor Source => _tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<>));

    public T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var length = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        var target = array.Slice(arrayIndex, length);
        if (Source.is_contiguous()) new Span<T>(_data + tensorIndex, length).CopyTo(target);
        else using (var packed = Source.contiguous()) new Span<T>((T*)packed.Data + tensorIndex, length).CopyTo(target);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var length = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        var source = array.Slice(arrayIndex, length);
        if (Source.is_contiguous()) source.CopyTo(new Span<T>(_data + tensorIndex, length));
        else for (int i = 0; i < length; i++) _data[Offset(tensorIndex + i)] = source[i];
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor = null;

    private long Offset(long[] indices) => indices.Length == 1 ? Offset(indices[0]) : OffsetOf(indices);

    /// <summary>Where the element of a row-major position is stored.</summary>
    private long Offset(long position)
    {
        if (position < 0 || position >= Count) throw new IndexOutOfRangeException($"{position} is not in 0..{Count - 1}.");
        if (Source.is_contiguous()) return position;
        var (shape, strides) = (Source.shape, Source.stride());
        long offset = 0;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            (position, var rest) = Math.DivRem(position, shape[i]);
            offset += rest * strides[i];
        }
        return offset;
    }

    private long OffsetOf(long[] indices)
    {
        var (shape, strides) = (Source.shape, Source.stride());
        long offset = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i])
                throw new IndexOutOfRangeException($"{indices[i]} is not in 0..{shape[i] - 1} of dimension {i}.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }
}
