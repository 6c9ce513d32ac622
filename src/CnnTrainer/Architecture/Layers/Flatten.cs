using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Flatten"/> makes.</summary>
public sealed record FlattenLayer : Layer
{
    private protected override string Describe() => "Flatten";

    internal override ActivationShape OutputFor(ActivationShape input) => ActivationShape.Flat(input.Size);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => x.flatten(1);
}
