using System.Runtime.InteropServices;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Scoring;

/// <summary>What scoring needs of a trained network. Shared by all scorers; never changes.</summary>
/// <param name="Network">In eval mode.</param>
/// <param name="Format">How images come.</param>
/// <param name="Transform">What is done to their values.</param>
/// <param name="Head">What the outputs mean.</param>
/// <param name="ValuesPerRow">Values of one image that are held at a time while it goes through the layers.</param>
/// <param name="CheckAlive">Throws where the network was disposed.</param>
internal sealed record ScoringModel(Network Network, PixelFormat Format, PixelTransform Transform, BoundHead Head, long ValuesPerRow, Action CheckAlive);

/// <summary>Scores batches of images with buffers of its own, used again for every batch: one for each cursor, one thread at a time.</summary>
internal sealed class Scorer : IDisposable
{
    private const long BatchBytes = 64 << 20;
    private const int MostRows = 128;   // from 32 to 128 rows equally fast on a CPU; 256 take half as long again, 512 twice

    private readonly ScoringModel _model;
    private readonly PixelBuffer _input;
    private readonly float[] _output;

    public Scorer(ScoringModel model, int capacity)
    {
        model.CheckAlive();
        _model = model;
        _input = new PixelBuffer(model.Format, model.Transform, capacity, model.Network.Device);
        _output = new float[capacity * model.Head.Values];
    }

    /// <summary>Images of a batch that keeps to a budget of memory.</summary>
    /// <param name="valuesPerRow">Values of one image that are held at a time.</param>
    /// <param name="otherBytes">Bytes beside the network that a row needs.</param>
    public static int RowsWithin(long valuesPerRow, long otherBytes = 0) =>
        (int)Math.Clamp(BatchBytes / (valuesPerRow * sizeof(float) + otherBytes), 1, MostRows);

    /// <summary>Values of one image that are held at a time: the largest input and output of a layer together.</summary>
    public static long ValuesPerRow(IReadOnlyList<PlannedLayer> plan) =>
        plan.SelectMany(layer => layer.Flatten()).Max(layer => layer.Input.Size + layer.Output.Size);

    /// <summary>Puts an image, as it came, into a place of the batch.</summary>
    public void Set(int place, ReadOnlySpan<byte> image) => _input.Set(place, image);

    /// <summary>Scores the first images of the batch.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Score(int count)
    {
        _model.CheckAlive();
        using var work = TorchRuntime.Work();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var values = _model.Head.Activate(_model.Network.call(_input.Rows(count))).cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(values.bytes).CopyTo(_output);
    }

    /// <summary>What the head made of an image.</summary>
    /// <param name="place">Its place in the batch.</param>
    /// <param name="position">Its row, for the message.</param>
    /// <exception cref="InvalidOperationException">It is not a number.</exception>
    public ReadOnlySpan<float> Row(int place, long position)
    {
        var row = _output.AsSpan(place * _model.Head.Values, _model.Head.Values);
        foreach (float value in row)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"Row {position} (counting from 0): the network gives {value}, not a finite number. Its pixels are far beyond those it was trained on; scale them as the training rows were."));
            }
        }

        return row;
    }

    public void Dispose() => _input.Dispose();
}
