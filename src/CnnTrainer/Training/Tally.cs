using CnnMlNet.Heads;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Sums over every row of an epoch. A mean loss counts as often as its batch has rows, or by the weight that its measures begin with. Losses stay on the device and are read some steps at a
/// time, so that a step waits for nothing.
/// </summary>
internal sealed class Tally(BoundHead head, bool isWeighted, string what, int epoch, int readEvery) : IDisposable
{
    private readonly List<(Tensor Loss, Tensor Measures, int Rows)> _unread = [];
    private readonly double[] _measures = new double[head.Metrics.Count];
    private readonly int _first = isWeighted ? 1 : 0;   // of the metrics among the measures
    private double _loss, _weight;
    private int _batches;

    /// <summary>Rows met, read or not.</summary>
    public long Rows { get; private set; }

    /// <summary>Batches met, read or not.</summary>
    public int Batches { get; private set; }

    /// <summary>Loss of the last batch that was read.</summary>
    public double LastLoss { get; private set; }

    /// <summary>Mean loss over the rows; after <see cref="Read"/>. 0 while no row has met a weight above 0.</summary>
    public double Loss => _weight == 0 ? 0 : _loss / _weight;

    /// <summary>The metrics over the rows, each counting alike; after <see cref="Read"/>.</summary>
    public MetricCollection Metrics => new(head.Metrics.Select((name, i) => KeyValuePair.Create(name, head.Finish(name, _measures[i] / Rows))));

    /// <summary>Adds a batch; the tensors outlive the caller's dispose scope.</summary>
    /// <exception cref="InvalidOperationException">A loss that was read is not a number.</exception>
    public void Add(Tensor loss, Tensor measures, int rows)
    {
        _unread.Add((loss.detach().DetachFromDisposeScope(), measures.DetachFromDisposeScope(), rows));
        Rows += rows;
        Batches++;
        if (_unread.Count >= readEvery) Read();
    }

    /// <summary>Reads what is still on the device.</summary>
    /// <exception cref="InvalidOperationException">A loss is not a number.</exception>
    public void Read()
    {
        if (_unread.Count == 0) return;
        using var scope = NewDisposeScope();
        var losses = stack(_unread.Select(batch => batch.Loss)).cpu().data<float>().ToArray();
        var measures = stack(_unread.Select(batch => batch.Measures)).cpu().data<float>().ToArray();
        for (int i = 0; i < losses.Length; i++)
        {
            _batches++;
            LastLoss = losses[i];
            if (!float.IsFinite(losses[i])) throw Divergence.At($"the {what}loss of batch {_batches} of epoch {epoch}", losses[i]);
            var sums = measures.AsSpan(i * (_first + _measures.Length), _first + _measures.Length);
            double weight = isWeighted ? sums[0] : _unread[i].Rows;
            _loss += losses[i] * weight;
            _weight += weight;
            for (int m = 0; m < _measures.Length; m++) _measures[m] += sums[_first + m];
        }

        Free();
    }

    public void Dispose() => Free();

    private void Free()
    {
        foreach (var (loss, measures, _) in _unread)
        {
            loss.Dispose();
            measures.Dispose();
        }

        _unread.Clear();
    }
}

/// <summary>What is said when training has gone astray.</summary>
internal static class Divergence
{
    public static InvalidOperationException At(string what, object value) =>
        new(FormattableString.Invariant($"Training diverged: {what} is {value}. Use a lower learning rate, or scale the features (see StandardScale)."));
}
