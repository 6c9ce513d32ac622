using CnnMlNet.Images;
using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>
/// The loss of a run and its metrics: what the head, the options and the training rows make of them. Its constants lie on the network's device,
/// outside any dispose scope. Owned by one thread.
/// </summary>
internal abstract class Criterion(Device device) : IDisposable
{
    /// <summary>No sum of weights that count is less; instead of 0 / 0.</summary>
    protected static readonly Scalar Least = 1e-30;

    private readonly List<Tensor> _constants = [];

    /// <summary>Whether rows count by weights, or not as one each: then <see cref="Measure"/> begins with the weight of the batch.</summary>
    public bool IsWeighted { get; protected init; }

    /// <summary>Mean loss of a batch, a scalar: outputs [N, outputs].</summary>
    public Tensor Loss(Tensor outputs, LoadedBatch batch)
    {
        if (batch is { Weights: null, Mix: null }) return Mean(outputs, batch.Targets);   // one operation in most heads, and the fast one
        var losses = Mixed(batch, targets => Losses(outputs, targets));
        if (batch.Weights is not null) losses = losses.mul(batch.Weights);
        return Counts(batch) is { } counts ? losses.sum().div(counts.sum().clamp(Least)) : losses.mean();
    }

    /// <summary>Sums over a batch: its weight, where <see cref="IsWeighted"/>, and what the head's metrics are made of, [sums], Single.</summary>
    public Tensor Measure(Tensor outputs, LoadedBatch batch)
    {
        var measures = MetricSums(outputs, batch.Targets);
        return IsWeighted && Counts(batch) is { } counts ? cat([counts.sum(0, true), measures]) : measures;
    }

    public void Dispose()
    {
        foreach (var constant in _constants) constant.Dispose();
    }

    /// <summary>Mean over the rows, or by their counts: targets [N], or [N, outputs].</summary>
    protected abstract Tensor Mean(Tensor outputs, Tensor targets);

    /// <summary>What each row adds to the sum, [N].</summary>
    protected abstract Tensor Losses(Tensor outputs, Tensor targets);

    /// <summary>By how much the sum is divided for each row, [N], Single; null for 1.</summary>
    protected virtual Tensor? Counts(Tensor targets) => null;

    /// <summary>Sums over a batch that the head's metrics are made of, [<see cref="BoundHead.SumCount"/>], Single.</summary>
    protected abstract Tensor MetricSums(Tensor outputs, Tensor targets);

    /// <summary>Numbers on the network's device that live as long as this.</summary>
    protected Tensor Constant(IEnumerable<float> values)
    {
        using var scope = NewDisposeScope();
        var constant = tensor(values.ToArray()).to(device).DetachFromDisposeScope();
        _constants.Add(constant);
        return constant;
    }

    /// <summary>The focal loss of rows whose cross entropy is -ln p: (1 - p)^gamma * -ln p.</summary>
    protected static Tensor Focal(Tensor entropies, Scalar gamma)
    {
        // Where 1 - p rounds to 0 a power below 1 would have no finite slope.
        var wrong = entropies.mul(Scalars.MinusOne).exp().mul(Scalars.MinusOne).add(Scalars.One).clamp(Least);
        return wrong.pow(gamma).mul(entropies);
    }

    private Tensor? Counts(LoadedBatch batch)
    {
        var counts = Counts(batch.Targets) is null ? null : Mixed(batch, targets => Counts(targets)!);
        return counts is null || batch.Weights is null ? counts ?? batch.Weights : counts.mul(batch.Weights);
    }

    /// <summary>What is so of each row's own target and of the one mixed in, in their shares.</summary>
    private static Tensor Mixed(LoadedBatch batch, Func<Tensor, Tensor> of)
    {
        if (batch.Mix is not { } mix) return of(batch.Targets);
        var rest = mix.Share.mul(Scalars.MinusOne).add(Scalars.One);
        return of(batch.Targets).mul(mix.Share).add(of(mix.Targets).mul(rest), Scalars.One);
    }
}
