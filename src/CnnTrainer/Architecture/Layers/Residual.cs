using System.Text.Json.Serialization;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Residual"/> makes.</summary>
public sealed record ResidualLayer : Layer
{
    /// <summary>The layers of the branch, in the order the data flows.</summary>
    public required IReadOnlyList<Layer> Branch { get; init; }

    /// <summary>The layers x goes through before it is added; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Layer>? Shortcut { get; init; }

    internal override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Branches =>
        Shortcut is null ? [("branch", Branch)] : [("branch", Branch), ("shortcut", Shortcut)];

    /// <summary>The same name and equal layers.</summary>
    public bool Equals(ResidualLayer? other) =>
        base.Equals(other) && Branch.SequenceEqual(other!.Branch) && (Shortcut ?? []).SequenceEqual(other.Shortcut ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Branch.Count, Shortcut?.Count);

    private protected override string Describe() => Shortcut is null ? $"Residual of {Branch.Count}" : $"Residual of {Branch.Count}, shortcut of {Shortcut.Count}";

    internal override ActivationShape OutputFor(ActivationShape input) => throw new NotSupportedException("A residual block is followed layer by layer.");

    internal override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var branch = pass.Run(step.Branches[0], x);
        if (pass.Noted is not null) return pass.Noted;
        var shortcut = Shortcut is null ? x : pass.Run(step.Branches[1], x);
        if (pass.Noted is not null) return pass.Noted;
        var sum = branch.add(shortcut, Scalars.One);
        if (!ReferenceEquals(branch, x)) branch.Dispose();
        if (!ReferenceEquals(shortcut, x)) shortcut.Dispose();
        return sum;
    }

    internal override Layer WithInitializers(Initializer? weights, Initializer? bias) => WithMissingInitializers(weights, bias);

    internal override Layer WithMissingInitializers(Initializer? weights, Initializer? bias)
    {
        return this with { Branch = Filled(Branch), Shortcut = Shortcut is null ? null : Filled(Shortcut) };

        IReadOnlyList<Layer> Filled(IReadOnlyList<Layer> layers) => [.. layers.Select(layer => layer.WithMissingInitializers(weights, bias))];
    }

    internal override Layer Checked()
    {
        var (branch, shortcut) = (LayerNames.Checked(Branch, "A residual branch"), Shortcut is null ? null : LayerNames.Checked(Shortcut, "A residual shortcut"));
        return (this with { Branch = branch, Shortcut = shortcut }).CheckedName();
    }

    private Layer CheckedName() => base.Checked();
}
