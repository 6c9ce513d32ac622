using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>What the network should say of each image, and how much each counts, in main memory.</summary>
internal abstract class Targets
{
    private readonly List<float> _weights = [];

    public abstract int Count { get; }

    /// <summary>Element type of a batch of them.</summary>
    public abstract ScalarType Type { get; }

    /// <summary>Shape of a row in a batch: none for one number, [numbers] for several.</summary>
    public abstract long[] Shape { get; }

    /// <summary>Bytes of a row.</summary>
    public abstract int RowBytes { get; }

    /// <summary>Whether rows have weights; without, each counts as 1.</summary>
    public bool HasWeights => _weights.Count > 0;

    /// <summary>Whether each pixel has its own, so that they go where augmentation moves the pixels.</summary>
    public virtual bool MoveWithPixels => false;

    /// <summary>Whether a row says anything.</summary>
    public virtual bool IsLabelled(int row) => true;

    public void AddWeight(float weight) => _weights.Add(weight);

    public float WeightOf(int row) => HasWeights ? _weights[row] : 1;

    /// <summary>Has the rows of some runs instead of its own.</summary>
    /// <param name="runs">Runs of targets of this kind, this one's own among them.</param>
    /// <exception cref="InvalidOperationException">They do not fit into an array.</exception>
    public void Join(IReadOnlyList<TargetRun> runs)
    {
        float[] weights = [.. runs.SelectMany(run => run.Targets._weights.Skip(run.First).Take(run.Count))];
        JoinValues(runs);
        _weights.Clear();
        _weights.AddRange(weights);
    }

    /// <summary>Writes those of some rows into the memory of a batch, in that order.</summary>
    public abstract void Gather(ReadOnlySpan<int> rows, Span<byte> batch);

    protected abstract void JoinValues(IReadOnlyList<TargetRun> runs);

    /// <summary>Writes the weights of some rows into the memory of a batch, in that order.</summary>
    public void GatherWeights(ReadOnlySpan<int> rows, Span<float> batch)
    {
        for (int i = 0; i < rows.Length; i++) batch[i] = WeightOf(rows[i]);
    }
}

/// <summary>Some rows' targets, one after the other.</summary>
internal sealed record TargetRun(Targets Targets, int First, int Count);

/// <summary>Targets of one element type: Int64 for classes, Single for numbers, Byte for <see cref="LabelMaps"/>.</summary>
/// <param name="type">The type.</param>
/// <param name="size">Numbers a row, where there are several; null for one.</param>
internal class Targets<T>(ScalarType type, int? size = null) : Targets where T : unmanaged
{
    private List<T> _values = [];

    /// <summary>Row after row.</summary>
    public IReadOnlyList<T> Values => _values;

    public override int Count => _values.Count / (size ?? 1);

    public override ScalarType Type => type;

    public override long[] Shape => size is { } numbers ? [numbers] : [];

    public override int RowBytes => Unsafe.SizeOf<T>() * (size ?? 1);

    protected ReadOnlySpan<T> Row(int row) => CollectionsMarshal.AsSpan(_values).Slice(row * (size ?? 1), size ?? 1);

    public void Add(params ReadOnlySpan<T> row) => _values.AddRange(row);

    protected override void JoinValues(IReadOnlyList<TargetRun> runs)
    {
        int width = size ?? 1;
        long count = runs.Sum(run => (long)run.Count) * width;
        if (count > Array.MaxLength) throw new InvalidOperationException($"The labels are {count} numbers, more than fit into memory in one piece: use fewer rows.");
        var joined = new List<T>((int)count);
        foreach (var run in runs) joined.AddRange(CollectionsMarshal.AsSpan(((Targets<T>)run.Targets)._values).Slice(run.First * width, run.Count * width));
        _values = joined;
    }

    public override void Gather(ReadOnlySpan<int> rows, Span<byte> batch)
    {
        var to = MemoryMarshal.Cast<byte, T>(batch);
        int width = size ?? 1;
        for (int i = 0; i < rows.Length; i++) Row(rows[i]).CopyTo(to[(i * width)..]);
    }
}
