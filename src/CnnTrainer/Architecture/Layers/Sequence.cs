using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Sequence"/> makes.</summary>
public sealed record SequenceLayer : Layer
{
    /// <summary>The layers, in the order the data flows.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    internal override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Branches => [("", Layers)];

    /// <summary>The same name and equal layers.</summary>
    public bool Equals(SequenceLayer? other) => base.Equals(other) && Layers.SequenceEqual(other!.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Layers.Count);

    private protected override string Describe() => $"Sequence of {Layers.Count}";

    internal override ActivationShape OutputFor(ActivationShape input) => throw new NotSupportedException("A sequence is followed layer by layer.");

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => pass.Run(step.Branches[0], x);

    internal override Layer WithOutputs(int outputs, bool perPixel) => this with { Layers = [.. Layers.Select(layer => layer.WithOutputs(outputs, perPixel))] };

    internal override Layer WithInitializers(Initializer? weights, Initializer? bias) => WithMissingInitializers(weights, bias);

    internal override Layer WithMissingInitializers(Initializer? weights, Initializer? bias) =>
        this with { Layers = [.. Layers.Select(layer => layer.WithMissingInitializers(weights, bias))] };

    internal override Layer Checked()
    {
        var layers = LayerNames.Checked(Layers, "A sequence");
        return (this with { Layers = layers }).CheckedName();
    }

    private Layer CheckedName() => base.Checked();
}
