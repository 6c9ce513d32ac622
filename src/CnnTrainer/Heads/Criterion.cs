using CnnMlNet.Images;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>The loss of a run: what its head, its options and its training rows make of it. Owned by one thread.</summary>
internal sealed class Criterion(BoundHead head) : IDisposable
{
    /// <summary>Mean loss of a batch, a scalar: outputs [N, outputs].</summary>
    public Tensor Loss(Tensor outputs, LoadedBatch batch) => head.Loss(outputs, batch.Targets);

    public void Dispose()
    {
    }
}
