using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains. It takes over the tensor it is made of, which is empty afterwards.</summary>
public class Parameter(Tensor data, bool requires_grad = true) : Tensor(data.with_requires_grad(requires_grad).TakeHandle());

/// <summary>First values of weights and biases, LibTorch's defaults of linear layers and convolutions.</summary>
internal static class FirstValues
{
    /// <summary>Kaiming's uniform distribution with a = sqrt(5), as if after a leaky ReLU of that slope.</summary>
    internal static Tensor Weight(long[] shape, ScalarType? type, Device? device)
    {
        var a = Math.Sqrt(5);
        var deviation = Math.Sqrt(2 / (1 + a * a)) / Math.Sqrt(FanIn(shape));
        return Uniform(empty(shape, type, device), Math.Sqrt(3) * deviation);
    }

    /// <summary>Uniform in 1 / sqrt(fan in of the weight).</summary>
    internal static Tensor Bias(long[] weightShape, ScalarType? type, Device? device)
    {
        var fan = FanIn(weightShape);
        return Uniform(empty([weightShape[0]], type, device), fan > 0 ? 1 / Math.Sqrt(fan) : 0);
    }

    private static long FanIn(long[] shape)
    {
        long fan = 1;
        foreach (var size in shape.AsSpan(1)) fan *= size;
        return fan;
    }

    private static Tensor Uniform(Tensor tensor, double bound)
    {
        using var quiet = no_grad();
        Aten.UniformInPlace.Run(tensor, -bound, bound);
        return tensor;
    }
}
