using CnnMlNet.Heads;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Sums over every row of an epoch. A mean loss counts as often as its batch has rows, or by the weight that its measures begin with. Losses stay on the device and are read some batches at
/// a time, so that a step waits for nothing.
/// </summary>
/// <param name="head">What is measured beside the loss.</param>
/// <param name="isWeighted">Whether the measures begin with a weight.</param>
/// <param name="readEvery">Batches from one look to the next.</param>
/// <param name="before">Sums over the batches of the epoch that were met before.</param>
internal sealed class Tally(BoundHead head, bool isWeighted, int readEvery, Sums before) : IDisposable
{
    private readonly List<(Tensor Loss, Tensor Measures, int Rows, BatchPlace Place)> _unread = [];
    private readonly List<float> _losses = [];
    private readonly double[] _measures = [.. Enumerable.Range(0, head.SumCount).Select(i => before.Measures.ElementAtOrDefault(i))];
    private readonly int _first = isWeighted ? 1 : 0;   // of the metrics among the measures
    private double _loss = before.Loss, _weight = before.Weight;

    /// <summary>Rows met, read or not.</summary>
    public long Rows { get; private set; } = before.Rows;

    /// <summary>Losses of the batches that were read, those before not included.</summary>
    public IReadOnlyList<float> Losses => _losses;

    /// <summary>Mean loss over the rows; after <see cref="Read"/>. 0 while no row has met a weight above 0.</summary>
    public double Loss => _weight == 0 ? 0 : _loss / _weight;

    /// <summary>The metrics over the rows, each counting alike (or each labelled pixel, where these have classes); after <see cref="Read"/>.</summary>
    public MetricCollection Metrics => new(head.Metrics.Zip(head.Finish(_measures, Rows), KeyValuePair.Create));

    /// <summary>The sums; after <see cref="Read"/>.</summary>
    public Sums Sums => new() { Loss = _loss, Weight = _weight, Measures = [.. _measures], Rows = Rows };

    /// <summary>Adds a batch; the tensors outlive the caller's dispose scope.</summary>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="measures">Its sums that the metrics are made of.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="place">Which one it is, for the message.</param>
    /// <exception cref="InvalidOperationException">A loss that was read is not a number.</exception>
    public void Add(Tensor loss, Tensor measures, int rows, BatchPlace place)
    {
        _unread.Add((loss.detach().DetachFromDisposeScope(), measures.DetachFromDisposeScope(), rows, place));
        Rows += rows;
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
            if (!float.IsFinite(losses[i])) throw Divergence.At(_unread[i].Place.Loss, losses[i]);
            _losses.Add(losses[i]);
            var sums = measures.AsSpan(i * (_first + _measures.Length), _first + _measures.Length);
            double weight = isWeighted ? sums[0] : _unread[i].Rows;
            _loss += losses[i] * weight;
            _weight += weight;
            for (int m = 0; m < _measures.Length; m++)
            {
                if (!float.IsFinite(sums[_first + m])) throw Divergence.At($"the {head.Metrics[Math.Min(m, head.Metrics.Count - 1)]} at {_unread[i].Place.Loss}", sums[_first + m]);
                _measures[m] += sums[_first + m];
            }
        }

        Free();
    }

    public void Dispose() => Free();

    private void Free()
    {
        foreach (var (loss, measures, _, _) in _unread)
        {
            loss.Dispose();
            measures.Dispose();
        }

        _unread.Clear();
    }
}

/// <summary>Where a batch stands: epoch and batch count from 1; the rate of its step, where it is trained on.</summary>
internal readonly record struct BatchPlace(int Epoch, int Batch, double? LearningRate)
{
    /// <summary>What its loss is called.</summary>
    public string Loss => LearningRate is null
        ? $"the validation loss of batch {Batch} of epoch {Epoch}"
        : FormattableString.Invariant($"the loss of batch {Batch} of epoch {Epoch} (learning rate {LearningRate})");
}

/// <summary>What is said when training has gone astray.</summary>
internal static class Divergence
{
    public static InvalidOperationException At(string what, object value) => NotFinite.Exception(FormattableString.Invariant(
        $"Training diverged: {what} is {value}. Use a lower learning rate, clip the gradients (GradientClipping), or scale the features (see PixelScaling and StandardScale)."));
}
