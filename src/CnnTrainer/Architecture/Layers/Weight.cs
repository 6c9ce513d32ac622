using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>What a layer keeps under a name: its shape, its first values and whether the optimizer moves it.</summary>
/// <param name="Name">Its name within the layer, PyTorch's.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="First">Its first values.</param>
/// <param name="IsTrained">False for what a layer notes by itself (a buffer).</param>
/// <param name="Type">Its element type.</param>
internal sealed record Weight(string Name, long[] Shape, FirstValues First, bool IsTrained = true, ScalarType Type = ScalarType.Float32)
{
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>First values of a weight, drawn from the generator of the run.</summary>
internal sealed record FirstValues(Action<Tensor, Generator> Fill)
{
    public static FirstValues Zeros { get; } = new((tensor, _) => tensor.zero_());

    public static FirstValues Ones { get; } = new((tensor, _) => tensor.fill_(Scalars.One));

    /// <summary>
    /// Uniform in 1 / sqrt(fan in), PyTorch's default for the weights and biases of convolutions and linear layers: Kaiming's uniform
    /// distribution (He, Zhang, Ren and Sun 2015) for a leaky ReLU of slope sqrt(5).
    /// </summary>
    public static FirstValues Uniform(long fanIn)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        return new FirstValues((tensor, random) => tensor.uniform_(-bound, bound, random));
    }
}
