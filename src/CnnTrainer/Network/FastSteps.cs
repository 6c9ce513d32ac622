using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>The steps of a network as they are computed where nobody looks between them: fewer, and in an order that touches less memory.</summary>
internal static class FastSteps
{
    /// <summary>The same results to the bit, gradients too.</summary>
    public static IReadOnlyList<LayerStep> Of(IReadOnlyList<LayerStep> steps) => InPlace(PoolsFirst(Flat(steps)));

    /// <summary>The same for eval mode, where BatchNorm is a scale and a shift: those of the convolution or linear layer before it (the last bits may differ).</summary>
    /// <param name="steps">As they were written.</param>
    /// <param name="keep">Is given the weights that are made.</param>
    public static IReadOnlyList<LayerStep> Folded(IReadOnlyList<LayerStep> steps, Action<Tensor> keep) => InPlace(PoolsFirst(WithoutNorms(Flat(steps), keep)));

    /// <summary>The same steps with the weights of convolutions and linear layers in bfloat16, where the processor wants them: channels of a filter side by side.</summary>
    /// <param name="steps">Steps for eval mode.</param>
    /// <param name="keep">Is given the weights that are made.</param>
    public static IReadOnlyList<LayerStep> Lowered(IReadOnlyList<LayerStep> steps, Action<Tensor> keep)
    {
        return [.. steps.Select(step => step with { Weights = Lowers(step.Layer) ? [.. step.Weights.Select(Lower)] : step.Weights, Branches = [.. step.Branches.Select(branch => Lowered(branch, keep))] })];

        static bool Lowers(Layer layer) => layer is ConvLayer or DepthwiseConvLayer or LinearLayer or OutputLayer;

        Tensor Lower(Tensor weight)
        {
            var lowered = weight.detach().to(ScalarType.BFloat16);
            if (lowered.Dimensions == 4 && lowered.device_type == DeviceType.CPU) lowered = lowered.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            keep(lowered);
            return lowered;
        }
    }

    /// <summary>Sequences dissolved, those in branches too.</summary>
    private static List<LayerStep> Flat(IReadOnlyList<LayerStep> steps) =>
        [.. steps.SelectMany(step => step.Layer is SequenceLayer ? Flat(step.Branches[0]) : [step with { Branches = [.. step.Branches.Select(Flat)] }])];

    /// <summary>max(relu(x)) = relu(max(x)), and of all places that relu made 0 none gets a gradient: a quarter of the values, with the usual pool.</summary>
    private static List<LayerStep> PoolsFirst(IReadOnlyList<LayerStep> steps)
    {
        var order = steps.Select(step => step with { Branches = [.. step.Branches.Select(PoolsFirst)] }).ToList();
        for (int i = 0; i + 1 < order.Count; i++)
        {
            if (IsRelu(order[i]) && order[i + 1].Layer is MaxPoolLayer or AdaptiveMaxPoolLayer) (order[i], order[i + 1]) = (order[i + 1], order[i]);
        }

        return order;
    }

    /// <summary>ReLU changes its input where that was just made and nobody, no gradient either, needs it as it was.</summary>
    private static List<LayerStep> InPlace(IReadOnlyList<LayerStep> steps) =>
    [
        .. steps.Select((step, i) => IsRelu(step) && i > 0 && steps[i - 1].Layer is ConvLayer or DepthwiseConvLayer or ConvTransposedLayer or BatchNormLayer or MaxPoolLayer
            ? step with { Layer = new ReluInPlace() }
            : step with { Branches = [.. step.Branches.Select(InPlace)] }),
    ];

    private static List<LayerStep> WithoutNorms(IReadOnlyList<LayerStep> steps, Action<Tensor> keep)
    {
        var folded = new List<LayerStep>(steps.Count);
        foreach (var step in steps)
        {
            if (step.Layer is BatchNormLayer norm && folded is [.., var before] && Fold(before, norm, step.Weights, keep) is { } joined) folded[^1] = joined;
            else folded.Add(step with { Branches = [.. step.Branches.Select(branch => WithoutNorms(branch, keep))] });
        }

        return folded;
    }

    /// <summary>w * g and (b - mean) * g + beta, with g = gamma / sqrt(variance + epsilon) for each output; null where the layer has other weights.</summary>
    private static LayerStep? Fold(LayerStep step, BatchNormLayer norm, IReadOnlyList<Tensor> statistics, Action<Tensor> keep)
    {
        Layer? layer = step.Layer switch
        {
            ConvLayer conv => conv with { Bias = true },
            LinearLayer linear => linear with { Bias = true },
            _ => null,
        };
        if (layer is null) return null;
        var (gamma, beta, mean, variance) = (Values(statistics[0]), Values(statistics[1]), Values(statistics[2]), Values(statistics[3]));
        var bias = step.Weights.Count > 1 ? Values(step.Weights[1]) : new float[gamma.Length];
        double[] factors = [.. gamma.Zip(variance, (scale, square) => scale / Math.Sqrt(square + norm.Epsilon))];
        float[] shifts = [.. factors.Select((factor, i) => (float)((bias[i] - (double)mean[i]) * factor + beta[i]))];
        var weight = step.Weights[0];
        long[] perOutput = [-1, .. Enumerable.Repeat(1L, (int)weight.Dimensions - 1)];
        Tensor[] weights = [weight.mul(tensor([.. factors.Select(factor => (float)factor)]).to(weight.device).reshape(perOutput)), tensor(shifts).to(weight.device)];
        foreach (var made in weights) keep(made);
        return step with { Layer = layer, Weights = weights };

        static float[] Values(Tensor numbers) => numbers.detach().cpu().data<float>().ToArray();
    }

    private static bool IsRelu(LayerStep step) => step.Layer is ActivationLayer { Function: ActivationFunction.Relu };

    /// <summary>ReLU that writes where it reads.</summary>
    private sealed record ReluInPlace : Layer
    {
        private protected override string Describe() => "ReLU";

        internal override ActivationShape OutputFor(ActivationShape input) => input;

        internal override Tensor Apply(Tensor x, LayerStep step, Pass pass) => x.relu_();
    }
}
