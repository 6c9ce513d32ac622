using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>Watches the validation rows: notes the weights of the best epoch, and says when there was none for too long.</summary>
/// <param name="network">Whose weights are noted.</param>
/// <param name="options">What is watched; null for the validation loss, without an end.</param>
internal sealed class BestEpoch(Network network, EarlyStopping? options) : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);

    /// <summary>The best epoch, counting from 1; 0 before there is one.</summary>
    public int Epoch { get; private set; }

    /// <summary>What the metric was in it.</summary>
    public double Value { get; private set; }

    /// <summary>The noted weights by path; none before there is an epoch.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors => _weights.Select(pair => ("best/" + pair.Key, pair.Value));

    /// <summary>Whether the weights go into the model when training ends by itself.</summary>
    public bool IsWanted => options?.RestoreBest ?? false;

    /// <summary>Looks at an epoch and the weights that the network has.</summary>
    /// <param name="epoch">Counting from 1.</param>
    /// <param name="validation">What it came to.</param>
    /// <exception cref="InvalidOperationException">The metric is not there.</exception>
    public void Offer(int epoch, Tally validation)
    {
        double value = options?.Metric == WatchedMetric.Accuracy
            ? -validation.Metrics.Find(Heads.MetricNames.Accuracy) ?? throw new InvalidOperationException("EarlyStopping watches the accuracy, which only classifiers have: watch the loss.")
            : validation.Loss;
        if (Epoch > 0 && !(value < Value - (options?.MinimalChange ?? 0))) return;
        (Epoch, Value) = (epoch, value);
        Note();
    }

    /// <summary>Whether the last epochs were no better for too long.</summary>
    public bool IsOver(int epochs) => options is not null && Epoch > 0 && epochs - Epoch >= options.Patience;

    /// <summary>Makes room for what was noted by a run that is resumed.</summary>
    public void Resume(int epoch, double value)
    {
        (Epoch, Value) = (epoch, value);
        if (epoch > 0) Note();
    }

    /// <summary>Gives the network what was noted.</summary>
    public void Restore()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (path, weight) in _weights) network.Weights[path].copy_(weight);
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
    }

    private void Note()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (path, weight) in network.Weights)
        {
            if (_weights.TryGetValue(path, out var noted)) noted.copy_(weight);
            else _weights.Add(path, weight.detach().to(CPU, copy: true).DetachFromDisposeScope());
        }
    }
}
