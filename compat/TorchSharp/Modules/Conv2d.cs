using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>A convolution over images N x C x H x W.</summary>
public sealed class Conv2d : Module<Tensor, Tensor>
{
    private readonly long _channels, _groups, _padding;
    private readonly long[] _stride, _dilation;
    private readonly PaddingModes _mode;

    internal Conv2d(long inChannels, long outChannels, long kernel, long stride, long padding, long dilation, PaddingModes mode,
        long groups, bool hasBias, Device? device, ScalarType? type)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {inChannels} input and {outChannels} output channels.");
        (_channels, _groups, _padding, _mode) = (inChannels, groups, padding, mode);
        (_stride, _dilation) = ([stride, stride], [dilation, dilation]);
        long[] shape = [outChannels, inChannels / groups, kernel, kernel];
        weight = Own(nameof(weight), FirstValues.Weight(shape, type, device));
        if (hasBias) bias = Own(nameof(bias), FirstValues.Bias(shape, type, device));
    }

    public Parameter weight { get; }

    public Parameter? bias { get; }

    public override Tensor forward(Tensor input)
    {
        var shape = input.shape;
        if (!(shape.Length == 4 && shape[1] == _channels || shape.Length == 3 && shape[0] == _channels))
            throw new ArgumentException($"Conv2d expects (N,) C, H, W with C = {_channels}, not [{string.Join(", ", shape)}].");
        if (_mode == PaddingModes.Zeros) return Convolve(input, _padding);
        using var padded = Aten.Pad.Call(input, (long[])[_padding, _padding, _padding, _padding], _mode.ToString().ToLowerInvariant());
        return Convolve(padded, 0);
    }

    private Tensor Convolve(Tensor input, long padding) =>
        Aten.Conv2d.Call(input, weight, bias, _stride, (long[])[padding, padding], _dilation, _groups);
}
