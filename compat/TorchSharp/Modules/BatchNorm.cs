using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel of N x C x H x W by the batch, or by the running statistics in eval mode.</summary>
public sealed class BatchNorm2d : Module<Tensor, Tensor>
{
    private readonly double _eps, _momentum;

    internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool tracks, Device? device, ScalarType? type)
    {
        (_eps, _momentum) = (eps, momentum);
        (weight, bias) = OwnAffine(affine, features, type, device);
        (running_mean, running_var, num_batches_tracked) = OwnStatistics(tracks, features, type, device);
    }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    public Tensor? running_mean { get; }

    public Tensor? running_var { get; }

    public Tensor? num_batches_tracked { get; }

    public override Tensor forward(Tensor tensor)
    {
        if (tensor.Dimensions != 4)
            throw new ArgumentException($"BatchNorm2d expects N, C, H, W, not {tensor.Dimensions} dimensions.", nameof(tensor));
        if (training) num_batches_tracked?.add_(1);
        return Aten.BatchNorm.Call(tensor, weight, bias, running_mean, running_var, training || running_mean is null, _momentum, _eps, true);
    }
}
