using CnnMlNet.Images;
using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>The loss of a run: what its head, its options and its training rows make of it. Owned by one thread.</summary>
internal sealed class Criterion(BoundHead head) : IDisposable
{
    /// <summary>Mean loss of a batch, a scalar: outputs [N, outputs].</summary>
    public Tensor Loss(Tensor outputs, LoadedBatch batch)
    {
        var loss = head.Loss(outputs, batch.Targets);
        if (batch.Mix is not { } mix) return loss;
        var share = mix.Share.narrow(0, 0, 1);   // one for all rows of a batch
        using Scalar minus = -1;
        return loss.mul(share).add(head.Loss(outputs, mix.Targets).mul(share.mul(minus).add(Scalars.One)), Scalars.One).sum();
    }

    public void Dispose()
    {
    }
}
