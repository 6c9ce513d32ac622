using static TorchSharp.torch;

namespace CnnMlNet.Data;

/// <summary>Cuts rows into batches, in a new order each epoch. The order depends on the generator alone.</summary>
internal sealed class Batches
{
    private readonly LabeledImages _data;
    private readonly int _batchSize;
    private readonly Random? _shuffle;
    private readonly long[] _order;

    /// <param name="data">The rows.</param>
    /// <param name="batchSize">Rows of a batch; the last may be smaller.</param>
    /// <param name="shuffle">Generator of the order; null for the order of the rows.</param>
    public Batches(LabeledImages data, int batchSize, Random? shuffle)
    {
        (_data, _batchSize, _shuffle) = (data, batchSize, shuffle);
        _order = [.. Enumerable.Range(0, data.Count).Select(row => (long)row)];
    }

    public int Rows => _order.Length;

    public int Count => (Rows + _batchSize - 1) / _batchSize;

    /// <summary>The row numbers of each batch of the next epoch.</summary>
    public IEnumerable<long[]> NextEpoch()
    {
        _shuffle?.Shuffle(_order);
        return _order.Chunk(_batchSize);
    }

    /// <summary>Images [N, C, H, W] and labels [N] of a batch on the device, in the caller's dispose scope.</summary>
    public (Tensor Images, Tensor Labels) Load(long[] rows, Device device)
    {
        var index = tensor(rows);
        return (MemoryLayout.ForNetwork(_data.Images.index_select(0, index).to(device)), _data.Labels.index_select(0, index).to(device));
    }
}
