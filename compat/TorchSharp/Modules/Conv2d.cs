using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    protected long input_channels;

    private protected Convolution(string name, long inputChannels) : base(name) => input_channels = inputChannels;

    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return shape.Length == dimensions + 2 && shape[1] == input_channels || shape.Length == dimensions + 1 && shape[0] == input_channels;
    }
}

/// <summary>A convolution over images N x C x H x W.</summary>
public sealed class Conv2d : Convolution
{
    private readonly long[] _stride, _padding, _dilation;
    private readonly bool _same;
    private readonly long _groups;
    private readonly PaddingModes _mode;
    private Parameter _weight;
    private Parameter? _bias;

    internal Conv2d(
        long inChannels, long outChannels, (long, long) kernel, (long, long) stride, (long, long)? padding, (long, long) dilation,
        PaddingModes mode, long groups, bool bias, Device? device, ScalarType? type) : base(nameof(Conv2d), inChannels)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {inChannels} input and {outChannels} output channels.");
        _same = padding is null;
        if (_same && stride is not (1, 1)) throw new ArgumentException("padding 'same' needs a stride of 1.", nameof(padding));
        (_stride, _dilation, _groups, _mode) = ([stride.Item1, stride.Item2], [dilation.Item1, dilation.Item2], groups, mode);
        _padding = padding is { } p ? [p.Item1, p.Item2] : [0, 0];
        _weight = Own(nameof(weight), empty([outChannels, inChannels / groups, kernel.Item1, kernel.Item2], type, device));
        init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (bias) _bias = Own(nameof(bias), init.BiasFor(_weight, outChannels, type, device));
    }

    public Parameter? weight
    {
        get => _weight;
        set => _weight = Replace(nameof(weight), _weight, value ?? throw new ArgumentNullException(nameof(value)))!;
    }

    public Parameter? bias
    {
        get => _bias;
        set => _bias = Replace(nameof(bias), _bias, value);
    }

    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 2))
            throw new ArgumentException($"Conv2d expects (N,) C, H, W with C = {input_channels}, not [{string.Join(", ", input.shape)}].");
        if (_mode == PaddingModes.Zeros)
            return _same
                ? Aten.Conv2dSame.Call(input, _weight, _bias, _stride, "same", _dilation, _groups)
                : Aten.Conv2d.Call(input, _weight, _bias, _stride, _padding, _dilation, _groups);
        using var padded = functional.pad(input, Borders(), _mode);
        return Aten.Conv2d.Call(padded, _weight, _bias, _stride, (long[])[0, 0], _dilation, _groups);
    }

    /// <summary>Left, right, top, bottom. 'same' puts the odd pixel after the image, as LibTorch does.</summary>
    private long[] Borders()
    {
        if (!_same) return [_padding[1], _padding[1], _padding[0], _padding[0]];
        var kernel = _weight.shape;
        var (tall, wide) = (_dilation[0] * (kernel[2] - 1), _dilation[1] * (kernel[3] - 1));
        return [wide / 2, wide - wide / 2, tall / 2, tall - tall / 2];
    }
}
