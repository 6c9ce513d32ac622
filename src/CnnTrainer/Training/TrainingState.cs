using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Where a run stands: the weights, what the optimizer and the schedule remember, the epochs and steps done. Order, dropout and first weights follow from the
/// seed and the epoch, so this is all it takes to go on as if never stopped. Owned by one thread; disposes the optimizer, not the network.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly Seeds _seeds;
    private readonly Generator _dropout;

    public TrainingState(Network network, Optimizer optimizer, ScheduleRule schedule, Seeds seeds)
    {
        (Network, Schedule, _seeds) = (network, schedule, seeds);
        Optimizer = optimizer.Start(network.Trained, givenMomentum: schedule.At(0).Momentum is not null);
        try
        {
            network.Random = _dropout = new Generator(0, network.Device);
        }
        catch
        {
            Optimizer.Dispose();
            throw;
        }
    }

    public Network Network { get; }

    public UpdateRule Optimizer { get; }

    public ScheduleRule Schedule { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Training rows met.</summary>
    public long Rows { get; set; }

    /// <summary>Prepares what an epoch draws; it depends on no epoch before it.</summary>
    public void BeginEpoch() => _dropout.manual_seed(_seeds.SeedOf(Purpose.Dropout, Epoch));

    public void EndEpoch() => Epoch++;

    /// <summary>
    /// What a step of users' modules draws from, until the result is disposed; null where there are none. It depends on the rows met, not on
    /// what was drawn before, and is given back between steps: who is called back there finds LibTorch's generator as it was.
    /// </summary>
    public IDisposable? LendRandom() =>
        Network.HasModules ? TorchRuntime.BorrowGenerator(_seeds.SeedOf(Purpose.Modules, Epoch, Rows), Network.Device) : null;

    /// <summary>A copy in main memory, which the caller disposes.</summary>
    public Snapshot Save()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return new Snapshot(Epoch, Rows, Optimizer.Steps, Schedule.State, Tensors().ToDictionary(
            pair => pair.Name, pair => pair.Tensor.detach().to(CPU, copy: true).DetachFromDisposeScope(), StringComparer.Ordinal));
    }

    /// <summary>Goes back to where a snapshot was taken.</summary>
    /// <exception cref="ArgumentException">It is one of another network, optimizer or schedule.</exception>
    public void Restore(Snapshot snapshot)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var tensors = Tensors().ToList();
        if (tensors.Count != snapshot.Tensors.Count || !tensors.All(pair => snapshot.Tensors.TryGetValue(pair.Name, out var saved) && saved.shape.SequenceEqual(pair.Tensor.shape)))
            throw new ArgumentException("The snapshot is one of another network or another optimizer.", nameof(snapshot));
        Schedule.State = snapshot.Schedule;
        foreach (var (name, tensor) in tensors) tensor.copy_(snapshot.Tensors[name]);
        (Epoch, Rows, Optimizer.Steps) = (snapshot.Epoch, snapshot.Rows, snapshot.Steps);
    }

    public void Dispose()
    {
        Network.Random = null;
        Optimizer.Dispose();
        _dropout.Dispose();
    }

    private IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
        Network.Weights.Select(pair => ("weight/" + pair.Key, pair.Value)).Concat(Optimizer.Slots);
}

/// <summary>A <see cref="TrainingState"/> at rest.</summary>
internal sealed record Snapshot(int Epoch, long Rows, long Steps, IReadOnlyList<double> Schedule, IReadOnlyDictionary<string, Tensor> Tensors) : IDisposable
{
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values) tensor.Dispose();
    }
}
