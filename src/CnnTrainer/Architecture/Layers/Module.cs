using CnnMlNet.Rows;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Module"/> makes.</summary>
public sealed record ModuleLayer : Layer
{
    /// <summary>The name that its factory is registered under.</summary>
    public required string Factory { get; init; }

    private protected override string Describe() => $"Module {Factory}";

    internal override ActivationShape OutputFor(ActivationShape input) => CnnModules.Probe(Factory, input).Output;

    internal override IReadOnlyList<Weight> WeightsFor(ActivationShape input) => CnnModules.Probe(Factory, input).Weights;

    internal override (ActivationShape Output, IReadOnlyList<Weight> Weights) Fit(ActivationShape input) => CnnModules.Probe(Factory, input);

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => step.Module!.Call(Pass.Full(x));

    internal override Layer Checked()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Factory);
        if (Factory.AsSpan().ContainsLoneSurrogate()) throw new ArgumentException("The factory's name is not valid UTF-16 text (half of a surrogate pair).", nameof(Factory));
        return base.Checked();
    }
}
