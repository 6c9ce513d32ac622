using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>A moving average of a network's weights (<see cref="WeightAveraging"/>).</summary>
internal sealed class WeightAverage(Network network, double decay) : IDisposable
{
    private readonly Dictionary<string, Tensor> _averages = Copies(network);

    /// <summary>The averages by the paths of the weights.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors => _averages.Select(pair => ("average/" + pair.Key, pair.Value));

    /// <summary>Notes the weights after a step.</summary>
    /// <param name="steps">Steps done, this one included.</param>
    public void Add(long steps)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        double keep = Math.Min(decay, (1.0 + steps) / (10 + steps));
        using Scalar share = 1 - keep;
        foreach (var (path, average) in _averages)
        {
            var weight = network.Weights[path];
            if (weight.dtype == ScalarType.Float32) average.add_(weight.add(average, Scalars.MinusOne), share);   // what does not move, stays to the bit
            else average.copy_(weight);
        }
    }

    /// <summary>Gives the network the averages; when the result is disposed, its own weights again.</summary>
    public IDisposable Lend()
    {
        Exchange();
        return new Loan(this);
    }

    /// <summary>Leaves the averages in the network.</summary>
    public void Exchange()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (path, average) in _averages)
        {
            var weight = network.Weights[path];
            var own = weight.clone();
            weight.copy_(average);
            average.copy_(own);
        }
    }

    public void Dispose()
    {
        foreach (var average in _averages.Values) average.Dispose();
    }

    private static Dictionary<string, Tensor> Copies(Network network)
    {
        using var quiet = no_grad();
        return network.Weights.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    private sealed class Loan(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Exchange();
    }
}
