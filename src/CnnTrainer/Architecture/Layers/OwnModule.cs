using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>A user's module in its place in a network: whatever goes wrong in it is told with that place.</summary>
/// <param name="module">The module.</param>
/// <param name="title">How messages call its layer.</param>
/// <param name="given">What it gave when it was tried.</param>
internal sealed class OwnModule(nn.Module<Tensor, Tensor> module, string title, ActivationShape given)
{
    /// <summary>Sends [N, ...] through the module.</summary>
    /// <exception cref="InvalidOperationException">It throws, or gives something else than it did when it was tried.</exception>
    public Tensor Call(Tensor x)
    {
        var output = Run(x);
        long[] expected = given.IsImage ? [x.shape[0], given.Channels, given.Height, given.Width] : [x.shape[0], given.Channels];
        if (output is not null && output.dtype == x.dtype && output.shape.SequenceEqual(expected)) return output;
        var found = output is null ? "null" : $"{output.dtype} {Text(output.shape)}";
        throw new InvalidOperationException($"{title} gives {found} for {x.dtype} {Text(x.shape)}; {x.dtype} {Text(expected)} is needed.");
    }

    public static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    private Tensor? Run(Tensor x)
    {
        try
        {
            return module.call(x);   // call() runs hooks, forward() does not
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{title} failed on {x.dtype} {Text(x.shape)}: {e.Message}", e);
        }
    }
}
