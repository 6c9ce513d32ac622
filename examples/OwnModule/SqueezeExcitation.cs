using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OwnModule;

/// <summary>A module written with TorchSharp alone: squeeze and excitation (Hu, Shen and Sun 2018), which weighs the channels of [N, C, H, W].</summary>
internal sealed class SqueezeExcitation : Module<Tensor, Tensor>
{
    private readonly Conv2d squeeze;
    private readonly Conv2d excite;

    public SqueezeExcitation(long channels) : base(nameof(SqueezeExcitation))
    {
        squeeze = Conv2d(channels, Math.Max(1, channels / 4), 1);
        excite = Conv2d(Math.Max(1, channels / 4), channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var means = input.mean([2, 3], keepdim: true);
        return input.mul(excite.call(squeeze.call(means).relu()).sigmoid());
    }
}
