using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Residual"/> makes.</summary>
public sealed record ResidualLayer : BranchLayer
{
    private protected override string Kind => "Residual";

    private protected override Tensor Join(Tensor branch, Tensor shortcut) => branch.add(shortcut, Scalars.One);

    private protected override ActivationShape Join(ActivationShape input, ActivationShape branch, ActivationShape shortcut) => branch == shortcut
        ? branch
        : throw new LayerMisfit($"its branch gives {branch} and its shortcut {shortcut}, which cannot be added: give it a shortcut such as " +
            $"shortcut: [Layer.Conv({branch.Channels}, kernel: 1, stride: {Math.Max(1, input.Height / Math.Max(1, branch.Height))})]");
}
