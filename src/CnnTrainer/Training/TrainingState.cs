using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Where a run stands: the weights, what the optimizer remembers, averages, the best epoch, and the numbers of <see cref="Progress"/>. Order,
/// dropout and first weights follow from the seed, the epoch and the batch, so this is all it takes to go on as if never stopped. Owned by one
/// thread; the network is not disposed with it.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly Seeds _seeds;
    private readonly Generator _dropout;
    private Progress _progress = new();
    private List<EpochReport> _reports = [];
    private List<float> _batchLosses = [];

    public TrainingState(Network network, Optimizer optimizer, ScheduleRule schedule, Seeds seeds, WeightAveraging? averaging = null, EarlyStopping? earlyStopping = null)
    {
        (Network, Schedule, _seeds) = (network, schedule, seeds);
        Optimizer = optimizer.Start(network.Trained, givenMomentum: schedule.At(0).Momentum is not null);
        Best = new BestEpoch(network, earlyStopping);
        try
        {
            Average = averaging is null ? null : new WeightAverage(network, averaging.Decay);
            network.Random = _dropout = new Generator(0, network.Device);
        }
        catch
        {
            Optimizer.Dispose();
            Average?.Dispose();
            throw;
        }
    }

    public Network Network { get; }

    public UpdateRule Optimizer { get; }

    /// <summary>What each step is told.</summary>
    public ScheduleRule Schedule { get; }

    /// <summary>What the next step is told.</summary>
    public Pace Pace => Schedule.At(Optimizer.Steps);

    /// <summary>The average of the weights; null where there is none.</summary>
    public WeightAverage? Average { get; }

    public BestEpoch Best { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch => _progress.Epoch;

    /// <summary>Batches done of the epoch at hand.</summary>
    public int Batch => _progress.Batch;

    /// <summary>Training rows met.</summary>
    public long Rows => _progress.Rows;

    /// <summary>Seconds trained before this process took over.</summary>
    public double SecondsBefore => _progress.Seconds;

    /// <summary>Sums over the batches of the epoch that were done before a resume.</summary>
    public Sums SumsBefore => _progress.Sums;

    /// <summary>Reports of the epochs done.</summary>
    public IReadOnlyList<EpochReport> Reports => _reports;

    /// <summary>Losses of all batches done and read, but for the epoch at hand.</summary>
    public IReadOnlyList<float> BatchLosses => _batchLosses;

    /// <summary>Prepares what a training batch draws; it depends on no batch before it.</summary>
    public void BeginBatch() => _dropout.manual_seed(_seeds.SeedOf(Purpose.Dropout, Epoch, Batch));

    /// <summary>Notes that a batch was trained on.</summary>
    public void EndBatch(int rows)
    {
        _progress.Batch++;
        _progress.Rows += rows;
    }

    /// <summary>Notes that an epoch is over.</summary>
    public void EndEpoch(EpochReport report, IEnumerable<float> losses)
    {
        _reports.Add(report);
        _batchLosses.AddRange(losses);
        (_progress.Epoch, _progress.Batch, _progress.Sums) = (Epoch + 1, 0, new Sums());
    }

    /// <summary>Notes the losses of an epoch that is left unfinished.</summary>
    public void BreakEpoch(IEnumerable<float> losses) => _batchLosses.AddRange(losses);

    /// <summary>
    /// What a step of users' modules draws from, until the result is disposed; null where there are none. It depends on the rows met, not on
    /// what was drawn before, and is given back between steps: who is called back there finds LibTorch's generator as it was.
    /// </summary>
    public IDisposable? LendRandom() =>
        Network.HasModules ? TorchRuntime.BorrowGenerator(_seeds.SeedOf(Purpose.Modules, Epoch, Rows), Network.Device) : null;

    /// <summary>The numbers as they stand.</summary>
    /// <param name="seconds">Trained in this process.</param>
    /// <param name="sums">Over the epoch at hand; null where none is.</param>
    /// <param name="losses">Of the epoch at hand.</param>
    public Progress Numbers(double seconds = 0, Sums? sums = null, IEnumerable<float>? losses = null) => _progress with
    {
        Steps = Optimizer.Steps,
        Schedule = [.. Schedule.State],
        Seconds = SecondsBefore + seconds,
        Sums = sums ?? new Sums(),
        BestEpoch = Best.Epoch,
        BestValue = Best.Value,
        Reports = [.. _reports],
        BatchLosses = [.. _batchLosses, .. losses ?? []],
    };

    /// <summary>Everything that <see cref="Numbers"/> are not, by name: the tensors themselves, not copies.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
        Network.Weights.Select(pair => ("weight/" + pair.Key, pair.Value)).Concat(Optimizer.Slots).Concat(Average?.Tensors ?? []).Concat(Best.Tensors);

    /// <summary>Goes on from other numbers; the tensors are filled by <paramref name="fill"/>.</summary>
    public void Resume(Progress progress, Action<IReadOnlyDictionary<string, Tensor>> fill)
    {
        Best.Resume(progress.BestEpoch, progress.BestValue);
        fill(Tensors().ToDictionary(pair => pair.Name, pair => pair.Tensor, StringComparer.Ordinal));
        Schedule.State = progress.Schedule;
        _progress = progress with { };
        (_reports, _batchLosses, Optimizer.Steps) = ([.. progress.Reports], [.. progress.BatchLosses], progress.Steps);
    }

    public void Dispose()
    {
        Network.Random = null;
        Optimizer.Dispose();
        Average?.Dispose();
        Best.Dispose();
        _dropout.Dispose();
    }
}
