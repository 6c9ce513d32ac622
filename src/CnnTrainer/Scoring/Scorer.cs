using System.Runtime.InteropServices;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Scoring;

/// <summary>Scores batches of images with buffers of its own, used again for every batch: one for each cursor, one thread at a time.</summary>
internal sealed class Scorer : IDisposable
{
    private const long BatchBytes = 64 << 20;
    private const long CacheBytes = 2 << 20;   // of the processors' own caches: what a layer gives is still there when the next one reads it
    private const int FewRows = 32, MostRows = 128;   // fewer pay for the calls of each batch, more for the memory between the layers

    private const double MostAlone = 5e6;   // multiplications: some 50 microseconds of a thread

    private readonly ScoringModel _model;
    private readonly PixelBuffer _input;
    private readonly Dictionary<ScoredPart, float[]> _values;
    private readonly string[] _layers, _explained;
    private readonly bool _needsOutputs, _isBFloat16;

    /// <param name="model">The network and how it is used.</param>
    /// <param name="parts">What is computed of each image.</param>
    /// <param name="capacity">Images of the largest batch.</param>
    public Scorer(ScoringModel model, IReadOnlyCollection<ScoredPart> parts, int capacity)
    {
        model.CheckAlive();
        _model = model;
        _values = parts.ToDictionary(part => part, part => new float[capacity * part.Size]);
        _layers = Paths(PartKind.Layer);
        _explained = Paths(PartKind.GradCam);
        _isBFloat16 = model.Precision == Precision.BFloat16 && _layers.Length + _explained.Length == 0;   // of a row all or nothing
        _needsOutputs = parts.Any(part => part.Kind != PartKind.Layer);
        _input = new PixelBuffer(model.Format, model.Transform, capacity, model.Network.Device);

        string[] Paths(PartKind kind) => [.. parts.Where(part => part.Kind == kind).Select(part => part.Path!)];
    }

    /// <summary>Images of a batch that keeps to a budget of memory, and to the processor's caches where that leaves enough of them.</summary>
    /// <param name="valuesPerRow">Values of one image that are held at a time.</param>
    /// <param name="otherBytes">Bytes beside the network that a row needs.</param>
    public static int RowsWithin(long valuesPerRow, long otherBytes = 0) =>
        (int)Math.Clamp(BatchBytes / (valuesPerRow * sizeof(float) + otherBytes), 1, Math.Clamp(CacheBytes / (valuesPerRow * sizeof(float)), FewRows, MostRows));

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
        using var threads = TorchRuntime.UseOneThread(count * _model.MultiplyAdds * _model.Views.Count <= MostAlone);
        using var scope = NewDisposeScope();
        using var inference = inference_mode(_explained.Length == 0);   // what is made in that mode gets no gradients ever
        using var quiet = no_grad();
        var images = _input.Rows(count);
        var seen = _model.Views.Select((view, index) => See(view, images, index == 0 ? _explained : [])).ToList();
        var outputs = seen.Select(view => view.Output).ToList();
        var maps = _explained.Length == 0 ? null : Explain(seen[0], outputs);
        foreach (var (part, values) in _values)
        {
            var made = part.Kind switch
            {
                PartKind.Head => _model.Head.ActivateMean(outputs),
                PartKind.Logits => BoundHead.Mean(outputs),
                PartKind.GradCam => maps![part.Path!],
                _ => BoundHead.Mean([.. seen.Select(view => view.Notes[part.Path!])]),
            };
            MemoryMarshal.Cast<byte, float>(made.detach().flatten(1).cpu().contiguous().bytes).CopyTo(values);
            if (part.Kind == PartKind.GradCam) GradCam.Normalise(values.AsSpan(0, count * part.Size), part.Size);
        }
    }

    /// <summary>What was made of an image.</summary>
    /// <param name="part">One of the parts that are computed.</param>
    /// <param name="place">Its place in the batch.</param>
    /// <param name="position">Its row, for the message.</param>
    /// <exception cref="InvalidOperationException">It is not a number.</exception>
    public ReadOnlySpan<float> Row(ScoredPart part, int place, long position)
    {
        var row = _values[part].AsSpan(place * part.Size, part.Size);
        foreach (float value in row)
        {
            if (!float.IsFinite(value))
            {
                throw NotFinite.Exception(FormattableString.Invariant(
                    $"Row {position} (counting from 0): the network gives {value}, not a finite number. Its pixels are far beyond those it was trained on; scale them as the training rows were."));
            }
        }

        return row;
    }

    public void Dispose() => _input.Dispose();

    private Seen See(ImageView view, Tensor images, string[] watched)
    {
        using var scope = NewDisposeScope();   // one view is in memory at a time
        var (output, notes, kept) = _model.Network.Forward(_model.Views.Count == 1 ? images : view.Of(images), _layers, ends: !_needsOutputs, watched, _isBFloat16);
        foreach (var part in notes.Values.Concat(kept.Values)) part.MoveToOuterDisposeScope();
        return new Seen(!_needsOutputs ? output : (_model.Head.IsPerPixel ? view.Back(output) : output).MoveToOuterDisposeScope(), notes, kept);
    }

    /// <summary>Heat maps of the images as they are, for the classes that all views predict together.</summary>
    private IReadOnlyDictionary<string, Tensor> Explain(Seen images, IReadOnlyList<Tensor> views)
    {
        var towards = _model.Head.Towards(_model.Head.ActivateMean(views));
        return GradCam.Maps(images.Output, towards, images.Watched, [_model.Format.Shape.Height, _model.Format.Shape.Width]);
    }

    /// <summary>What a forward pass gave.</summary>
    private sealed record Seen(Tensor Output, IReadOnlyDictionary<string, Tensor> Notes, IReadOnlyDictionary<string, Tensor> Watched);
}
