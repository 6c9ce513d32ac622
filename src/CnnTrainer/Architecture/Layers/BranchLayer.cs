using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="ResidualLayer"/> and <see cref="ConcatLayer"/> share: the input goes two ways, which are then joined.</summary>
public abstract record BranchLayer : Layer
{
    private protected BranchLayer() { }

    /// <summary>The layers of the branch, in the order the data flows.</summary>
    public required IReadOnlyList<Layer> Branch { get; init; }

    /// <summary>The layers that the input goes through on the other way; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Layer>? Shortcut { get; init; }

    internal sealed override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Branches =>
        Shortcut is null ? [("branch", Branch)] : [("branch", Branch), ("shortcut", Shortcut)];

    /// <summary>The same name and equal layers.</summary>
    public virtual bool Equals(BranchLayer? other) =>
        base.Equals(other) && Branch.SequenceEqual(other!.Branch) && (Shortcut ?? []).SequenceEqual(other.Shortcut ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Branch.Count, Shortcut?.Count);

    /// <summary>What it is called.</summary>
    private protected abstract string Kind { get; }

    /// <summary>Makes one of what came both ways.</summary>
    private protected abstract Tensor Join(Tensor branch, Tensor shortcut);

    /// <summary>The shape of that; a <see cref="LayerMisfit"/> says why there is none.</summary>
    private protected abstract ActivationShape Join(ActivationShape input, ActivationShape branch, ActivationShape shortcut);

    private protected sealed override string Describe() => $"{Kind} of {Branch.Count}{(Shortcut is null ? "" : $", shortcut of {Shortcut.Count}")}";

    internal sealed override ActivationShape OutputFor(ActivationShape input) => throw new NotSupportedException("A layer of branches is followed layer by layer.");

    internal sealed override ActivationShape Joined(ActivationShape input, IReadOnlyList<ActivationShape> branches) =>
        Join(input, branches[0], branches.Count > 1 ? branches[1] : input);

    internal sealed override Tensor Apply(Tensor x, LayerStep step, Pass pass)
    {
        var branch = pass.Run(step.Branches[0], x);
        if (pass.Noted is not null) return pass.Noted;
        var shortcut = Shortcut is null ? x : pass.Run(step.Branches[1], x);
        if (pass.Noted is not null) return pass.Noted;
        var joined = Join(branch, shortcut);
        if (!ReferenceEquals(branch, x)) branch.Dispose();
        if (!ReferenceEquals(shortcut, x)) shortcut.Dispose();
        return joined;
    }

    internal sealed override Layer WithInitializers(Initializer? weights, Initializer? bias) => WithMissingInitializers(weights, bias);

    internal sealed override Layer WithMissingInitializers(Initializer? weights, Initializer? bias)
    {
        return this with { Branch = Filled(Branch), Shortcut = Shortcut is null ? null : Filled(Shortcut) };

        IReadOnlyList<Layer> Filled(IReadOnlyList<Layer> layers) => [.. layers.Select(layer => layer.WithMissingInitializers(weights, bias))];
    }

    internal sealed override Layer Checked()
    {
        var what = $"A {Kind.ToLowerInvariant()}";
        var (branch, shortcut) = (LayerNames.Checked(Branch, $"{what} branch"), Shortcut is null ? null : LayerNames.Checked(Shortcut, $"{what} shortcut"));
        return (this with { Branch = branch, Shortcut = shortcut }).CheckedName();
    }

    private Layer CheckedName() => base.Checked();
}
