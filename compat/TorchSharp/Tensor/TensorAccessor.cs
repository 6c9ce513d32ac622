using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Reads the elements of a tensor on the CPU, in row-major order whatever its strides.</summary>
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

    private torch.Tensor Source => _tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<>));

    public T this[params long[] indices] => _data[indices.Length == 1 ? Offset(indices[0]) : OffsetOf(indices)];

    public T[] ToArray()
    {
        if (Source.is_contiguous()) return new Span<T>(_data, (int)Count).ToArray();
        using var packed = Source.contiguous();
        return new Span<T>(packed.Data, (int)Count).ToArray();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor = null;

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
