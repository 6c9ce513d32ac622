using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Networks that the product makes, outside any pipeline.</summary>
internal static class Networks
{
    /// <summary>A network with first weights of a seed, in training mode; the caller disposes it.</summary>
    public static Network Build(CnnArchitecture architecture, ImageShape image, int outputs, ulong seed = 1, bool perPixel = false)
    {
        using var random = new Generator(seed);
        var network = Network.WithFirstWeights(architecture.Plan(image, outputs, perPixel), random, CPU);
        network.Random = new Generator(seed);
        return network;
    }
}
