using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>What the network should say of each image, one number a row, in main memory.</summary>
internal abstract class Targets
{
    public abstract int Count { get; }

    /// <summary>Element type of a batch of them.</summary>
    public abstract ScalarType Type { get; }

    /// <summary>Bytes of a row.</summary>
    public abstract int RowBytes { get; }

    /// <summary>Writes those of some rows into the memory of a batch, in that order.</summary>
    public abstract void Gather(ReadOnlySpan<int> rows, Span<byte> batch);
}

/// <summary>Targets of one element type: Int64 for classes, Single for numbers.</summary>
internal sealed class Targets<T>(ScalarType type) : Targets where T : unmanaged
{
    private readonly List<T> _values = [];

    public IReadOnlyList<T> Values => _values;

    public override int Count => _values.Count;

    public override ScalarType Type => type;

    public override int RowBytes => Unsafe.SizeOf<T>();

    public void Add(T value) => _values.Add(value);

    public override void Gather(ReadOnlySpan<int> rows, Span<byte> batch)
    {
        var typed = MemoryMarshal.Cast<byte, T>(batch);
        for (int i = 0; i < rows.Length; i++) typed[i] = _values[rows[i]];
    }
}
