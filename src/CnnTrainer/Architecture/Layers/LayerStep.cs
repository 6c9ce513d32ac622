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
internal sealed class Pass(bool training, Generator? random, string? until = null)
{
    public bool Training => training;

    /// <summary>Where dropout draws from while training.</summary>
    public Generator Random => random ?? throw new InvalidOperationException("A pass that trains needs a generator.");

    /// <summary>What came out of the layer at the path asked for; the pass ends there.</summary>
    public Tensor? Noted { get; private set; }

    /// <summary>Sends x through steps one after the other. What lies between two of them goes at once, or scoring would hold the sum of all layers.</summary>
    public Tensor Run(IReadOnlyList<LayerStep> steps, Tensor input)
    {
        var x = input;
        foreach (var step in steps)
        {
            var next = step.Layer.Apply(x, step, this);
            if (until is not null && step.Path == until) Noted ??= next;
            if (Noted is not null) return Noted;
            if (!ReferenceEquals(x, input) && !ReferenceEquals(x, next)) x.Dispose();   // the gradient keeps what it needs
            x = next;
        }

        return x;
    }
}
