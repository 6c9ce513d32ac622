using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What <see cref="Layer.Concat"/> makes.</summary>
public sealed record ConcatLayer : BranchLayer
{
    private protected override string Kind => "Concat";

    private protected override Tensor Join(Tensor branch, Tensor shortcut) => cat([shortcut, branch], 1);

    private protected override ActivationShape Join(ActivationShape input, ActivationShape branch, ActivationShape shortcut)
    {
        if (branch.IsImage != shortcut.IsImage || branch.Height != shortcut.Height || branch.Width != shortcut.Width)
            throw new LayerMisfit($"its branch gives {branch} and its shortcut {shortcut}, which cannot stand side by side as channels: " +
                "let the branch undo its down-sampling (Layer.Upsample, Layer.ConvTransposed) and keep heights and widths (Padding.Same)");
        long channels = branch.Channels + shortcut.Channels;
        return branch.IsImage ? ActivationShape.Image(channels, branch.Height, branch.Width) : ActivationShape.Flat(channels);
    }
}
