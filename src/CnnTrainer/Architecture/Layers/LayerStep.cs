using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>A layer in a network, with its tensors in the order of <see cref="Layer.WeightsFor"/>.</summary>
internal sealed record LayerStep(
    Layer Layer, string Path, IReadOnlyList<Tensor> Weights, OwnModule? Module, IReadOnlyList<IReadOnlyList<LayerStep>> Branches)
{
    /// <summary>Whether its weights, running statistics too, stay as they are while the network trains.</summary>
    public bool IsFrozen { get; init; }
}

/// <summary>One way through a network: the mode, where randomness comes from, and what is to be noted on the way.</summary>
/// <param name="training">Whether the layers train.</param>
/// <param name="random">Where dropout draws from while training.</param>
/// <param name="asked">Paths of the layers whose outputs are noted.</param>
/// <param name="ends">Whether the pass ends when all of them are.</param>
/// <param name="watched">Paths of the layers whose outputs are to get gradients.</param>
/// <param name="isBFloat16">Whether convolutions and linear layers compute in bfloat16.</param>
internal sealed class Pass(
    bool training, Generator? random, IReadOnlyCollection<string>? asked = null, bool ends = false, IReadOnlyCollection<string>? watched = null, bool isBFloat16 = false)
    : IDisposable
{
    private readonly Dictionary<string, Tensor> _notes = [], _watched = [];
    private IDisposable? _recording;

    public bool Training => training;

    /// <summary>Where dropout draws from while training.</summary>
    public Generator Random => random ?? throw new InvalidOperationException("A pass that trains needs a generator.");

    /// <summary>
    /// What a convolution or a linear layer computes with, its weights too: gradients come back as float32. What follows keeps the type it gets,
    /// but for layers that need <see cref="Full"/>.
    /// </summary>
    public Tensor Lower(Tensor x) => isBFloat16 && x.dtype == ScalarType.Float32 ? x.to(ScalarType.BFloat16) : x;

    /// <summary>As float32: for sums that bfloat16's 8 bits would spoil, and for modules that know nothing else.</summary>
    public static Tensor Full(Tensor x) => x.dtype == ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;

    /// <summary>What came out of the layers asked for.</summary>
    public IReadOnlyDictionary<string, Tensor> Notes => _notes;

    /// <summary>What came out of the layers watched.</summary>
    public IReadOnlyDictionary<string, Tensor> Watched => _watched;

    /// <summary>What came out of the last of those asked for, where the pass ends with it.</summary>
    public Tensor? Noted { get; private set; }

    /// <summary>Sends x through steps one after the other. What lies between two of them goes at once, or scoring would hold the sum of all layers.</summary>
    public Tensor Run(IReadOnlyList<LayerStep> steps, Tensor input)
    {
        var x = input;
        foreach (var step in steps)
        {
            var next = step.Layer.Apply(x, step, this);
            if (Noted is null && asked is not null && asked.Contains(step.Path)) Note(step.Path, next);
            if (Noted is not null) return Noted;
            if (watched is not null && watched.Contains(step.Path)) next = Watch(step.Path, next);
            if (!ReferenceEquals(x, input) && !ReferenceEquals(x, next)) x.Dispose();   // the gradient keeps what it needs
            x = next;
        }

        return x;
    }

    /// <summary>Ends the recording of gradients, on the thread that ran.</summary>
    public void Dispose() => _recording?.Dispose();

    /// <summary>What follows goes on with a copy, which it may change in place.</summary>
    private Tensor Watch(string path, Tensor output)
    {
        _recording ??= enable_grad();
        var kept = output.requires_grad ? output : output.detach().with_requires_grad();
        _watched.Add(path, kept);
        return kept.clone();
    }

    private void Note(string path, Tensor output)
    {
        _notes.Add(path, output.clone());   // what follows may change it in place
        if (ends && _notes.Count == asked!.Count) Noted = output;
    }
}
