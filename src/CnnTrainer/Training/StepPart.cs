using CnnMlNet.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>A batch among those that make a step.</summary>
/// <param name="Feed">What makes the batches.</param>
/// <param name="Rows">Rows of the epoch.</param>
/// <param name="Batch">The batch, counting from 0.</param>
/// <param name="Size">Batches of a step; the last step of an epoch may have fewer.</param>
internal readonly record struct StepPart(Feed Feed, int Rows, int Batch, int Size)
{
    public bool IsFirst => Batch % Size == 0;

    public bool IsLast => (Batch + 1) % Size == 0 || Batch + 1 == Feed.BatchesOf(Rows);

    /// <summary>Share of a batch's rows among those of its step.</summary>
    public double ShareOf(LoadedBatch batch)
    {
        int first = Batch / Size * Size * Feed.BatchSize;
        return batch.Targets.shape[0] / (double)Math.Min((long)Size * Feed.BatchSize, Feed.RowsIn(Rows) - first);
    }

    /// <summary>Gradients of several batches add up to those of one: each counts with its share of their rows.</summary>
    public void Backward(Tensor loss, LoadedBatch batch)
    {
        double share = ShareOf(batch);
        if (share == 1)
        {
            loss.backward();
            return;
        }

        using Scalar part = share;
        loss.mul(part).backward();
    }
}
