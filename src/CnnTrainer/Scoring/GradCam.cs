using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Scoring;

/// <summary>
/// Grad-CAM: the channels of a layer's output, each weighted by the mean of its gradient, summed; what is below 0 speaks against the class and counts as 0
/// (Selvaraju et al., 2017, equations 1 and 2). The gradient goes to the layers' outputs alone: no weight gets one, so threads can share them.
/// </summary>
internal static class GradCam
{
    /// <summary>The map [N, 1, H, W] of each layer, not yet scaled to 1.</summary>
    /// <param name="outputs">What the network gave, with gradients recorded.</param>
    /// <param name="towards">How much each output speaks for the class that is explained.</param>
    /// <param name="watched">What came out of the layers on the way.</param>
    /// <param name="size">Height and width of the maps.</param>
    /// <exception cref="InvalidOperationException">No gradient comes back to a layer.</exception>
    public static IReadOnlyDictionary<string, Tensor> Maps(Tensor outputs, Tensor towards, IReadOnlyDictionary<string, Tensor> watched, long[] size)
    {
        if (!outputs.requires_grad) throw NoGradient(watched.Keys.First());
        outputs.backward([towards], false, false, [.. watched.Values]);   // torch.autograd.grad ends the process where something fails
        return watched.ToDictionary(pair => pair.Key, pair => Map(pair.Value.detach(), pair.Value.grad ?? throw NoGradient(pair.Key), size));
    }

    /// <summary>Divides each row by its largest value, so that this is 1; a row of zeros stays as it is.</summary>
    public static void Normalise(Span<float> rows, int size)
    {
        for (; rows.Length > 0; rows = rows[size..])
        {
            float largest = 0;
            foreach (float value in rows[..size]) largest = Math.Max(largest, value);
            if (largest == 0) continue;
            foreach (ref float value in rows[..size]) value /= largest;
        }
    }

    private static Tensor Map(Tensor activation, Tensor gradient, long[] size)
    {
        var map = activation.mul(gradient.mean([2, 3], keepdim: true)).sum(1, keepdim: true).relu();
        return functional.interpolate(map, size, null, InterpolationMode.Bilinear, false);
    }

    private static InvalidOperationException NoGradient(string path) => new(
        $"Grad-CAM: no gradient comes back from the outputs to the layer '{path}'. A module after it computes without gradients (no_grad, detach): " +
        "name a layer behind that module, or compute with TorchSharp's own operations in it.");
}
