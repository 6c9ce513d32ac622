using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>A layer with a weight and a bias, whose first values may be chosen (<see cref="Layer.Initialized"/>).</summary>
public abstract record WeightedLayer : Layer
{
    private protected WeightedLayer() { }

    /// <summary>First values of the weight; null for PyTorch's default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInitializer { get; init; }

    /// <summary>First values of the bias; null for PyTorch's default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? BiasInitializer { get; init; }

    /// <summary>Whether the weight has a fan in and a fan out: a normalisation's has none, one value a channel.</summary>
    private protected virtual bool HasFans => true;

    /// <summary>Whether there is a bias.</summary>
    private protected virtual bool HasBias => true;

    /// <summary>The weights with PyTorch's first values.</summary>
    private protected abstract IReadOnlyList<Weight> DefaultWeightsFor(ActivationShape input);

    internal sealed override IReadOnlyList<Weight> WeightsFor(ActivationShape input) => [.. DefaultWeightsFor(input).Select(weight => weight.Name switch
    {
        "weight" when WeightInitializer is not null => weight with { First = WeightInitializer.For(weight.Shape) },
        "bias" when BiasInitializer is not null => weight with { First = BiasInitializer.For(weight.Shape) },
        _ => weight,
    })];

    internal sealed override Layer WithInitializers(Initializer? weights, Initializer? bias) =>
        this with { WeightInitializer = weights ?? WeightInitializer, BiasInitializer = bias ?? BiasInitializer };

    internal sealed override Layer WithMissingInitializers(Initializer? weights, Initializer? bias) =>
        HasFans ? this with { WeightInitializer = WeightInitializer ?? weights, BiasInitializer = BiasInitializer ?? (HasBias ? bias : null) } : this;

    internal override Layer Checked()
    {
        WeightInitializer?.Checked();
        BiasInitializer?.Checked();
        if (BiasInitializer is not null && !HasBias) throw new ArgumentException($"{Description} has no bias to initialise.", "bias");
        if (BiasInitializer is not (null or ConstantInitializer))
            throw new ArgumentException($"A bias has no fan in, so {BiasInitializer} does not apply: use Initializer.Zeros() or Initializer.Constant.", "bias");
        if (!HasFans && WeightInitializer is not (null or ConstantInitializer))
            throw new ArgumentException($"{Description} has one weight a channel, so {WeightInitializer} does not apply: use Initializer.Constant.", "weights");
        return base.Checked();
    }
}
