using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Runs single layers, with the modules that the product makes of them.</summary>
internal static class Layers
{
    /// <summary>Output of one layer for one image of one or more channels; with weights where the layer has some, and biases of zero.</summary>
    public static (long[] Shape, float[] Values) Run(Layer layer, ImageShape image, float[] pixels, float[]? weights = null)
    {
        using var scope = NewDisposeScope();
        using var evaluation = no_grad();
        var architecture = layer is FlattenLayer ? new CnnArchitecture(layer, Layer.Output()) : new CnnArchitecture(layer, Layer.Flatten(), Layer.Output());
        using var network = Networks.Build(architecture, image, outputs: 10);
        network.eval();
        if (weights is not null) SetWeights(network, weights);
        var output = network.Forward(tensor(pixels, [1, image.Channels, image.Height, image.Width]), until: "0");
        return (output.shape, output.contiguous().data<float>().ToArray());
    }

    public static void AssertValues(float[] expected, Layer layer, ImageShape image, float[] pixels, float[]? weights = null)
    {
        var (_, values) = Run(layer, image, pixels, weights);
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], 1e-6f, $"value {i}");
    }

    /// <summary>The shape in the summary and of what LibTorch gives.</summary>
    public static void AssertShape(Layer layer, ImageShape image, int channels, int height, int width)
    {
        var summary = new CnnArchitecture(layer, Layer.Flatten(), Layer.Output()).Summarize(image, outputs: 10);
        Assert.AreEqual(ActivationShape.Image(channels, height, width), summary.Layers[0].OutputShape);
        var (shape, _) = Run(layer, image, new float[image.Size]);
        CollectionAssert.AreEqual(new long[] { 1, channels, height, width }, shape);
    }

    private static void SetWeights(Network network, float[] weights)
    {
        network.Weights["0.weight"].copy_(tensor(weights, network.Weights["0.weight"].shape));
        network.Weights["0.bias"].zero_();
    }
}
