using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Runs single layers, with the modules that the product makes of them.</summary>
internal static class Layers
{
    /// <summary>Output of one layer for one image of one or more channels; with weights where the layer has some, and biases of zero.</summary>
    public static (long[] Shape, float[] Values) Run(Layer layer, ImageShape image, float[] pixels, float[]? weights = null)
    {
        using var scope = NewDisposeScope();
        using var evaluation = no_grad();
        var module = layer.Build(ActivationShape.Image(image.Channels, image.Height, image.Width), classes: 10);
        if (weights is not null) SetParameters(module, weights);
        var output = module.call(tensor(pixels, [1, image.Channels, image.Height, image.Width]));
        return (output.shape, output.contiguous().data<float>().ToArray());
    }

    private static void SetParameters(Module<Tensor, Tensor> module, float[] weights)
    {
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (name == "weight") parameter.copy_(tensor(weights, parameter.shape));
            else parameter.zero_();
        }
    }
}
