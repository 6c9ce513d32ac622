using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace CnnMlNet;

public sealed partial class CnnTrainer
{
    private const double LeastFall = 0.01;

    /// <summary>
    /// Looks for a learning rate (Smith 2017, Cyclical learning rates for training neural networks, section 3.3): a new network learns from some
    /// batches at rates that grow from step to step by the same factor, and is thrown away. All else is as <see cref="Fit(IDataView)"/> has
    /// it: first weights, drawn or another model's, and which of them are frozen; rows held out for validation; order and batches, how many of them
    /// make a step, and augmentation, since a rate that suits easier images or smaller steps may not suit these; optimizer, loss and clipping. The same seed gives the same curve. The options are not changed:
    /// make a new trainer with the rate that is found.
    /// </summary>
    /// <param name="data">Rows with the feature and the label column; read once. Few rows are gone through again and again.</param>
    /// <param name="from">The first learning rate; greater than 0. Default 1e-7.</param>
    /// <param name="to">The last learning rate; greater than <paramref name="from"/>, at most 1e6. Default 10.</param>
    /// <param name="steps">Steps from one to the other; 10 to 10,000. Default 100.</param>
    /// <returns>The loss at each rate, until it diverges, and a suggestion.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/>, <paramref name="to"/> or <paramref name="steps"/> is out of its range,
    /// or a column is missing or does not fit.</exception>
    /// <exception cref="InvalidOperationException">The loss does not fall at any of the rates, there are no rows or only one class, or LibTorch or
    /// the device is not there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearningRateCurve FindLearningRate(IDataView data, double from = 1e-7, double to = 10, int steps = 100)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(from > 0)) throw new ArgumentOutOfRangeException(nameof(from), from, "The first learning rate must be greater than 0.");
        if (!(to > from && to <= 1e6)) throw new ArgumentOutOfRangeException(nameof(to), to, "The last learning rate must be greater than the first and at most 1e6.");
        if (steps is < 10 or > 10_000) throw new ArgumentOutOfRangeException(nameof(steps), steps, "The number of steps must be 10 to 10,000.");
        using var channel = _host.Start("Search for a learning rate");
        var (cancellation, seeds) = (NewCancellation(), NewSeeds());

        var (pixels, head) = Bind(data.Schema);
        var plan = Plan(pixels.Format, head);

        TorchRuntime.EnsureLoaded();
        using var threads = TorchRuntime.UseThreads(_options.Threads);
        using var scope = NewDisposeScope();
        var device = TorchRuntime.Resolve(_options.Device, _environment, channel);

        using var training = ReadTraining(data, pixels, head, cancellation, channel);
        (var sets, head, var transform) = Prepare(training, null, plan, head, seeds, channel);

        using var network = FirstNetwork(plan, head, pixels.Format, seeds, device, channel).Network;
        network.TrainsInBFloat16 = _options.Precision == Precision.BFloat16;
        double[] rates = [.. Enumerable.Range(0, steps).Select(step => from * Math.Pow(to / from, step / (steps - 1.0)))];
        var curve = Search(network, head, seeds, transform, sets, cancellation, rates);
        channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Learning rate suggested: {curve.Suggestion:G3}"));
        return curve;
    }

    private LearningRateCurve Search(
        Network network, BoundHead head, Seeds seeds, PixelTransform transform, TrainingSets sets, Cancellation cancellation, double[] rates)
    {
        using var state = new TrainingState(network, _options.Optimizer, Schedule.Constant().Start(rates[0], 1, 1), seeds);
        using var feed = TrainingFeed(sets, transform, network.Device);
        using var criterion = NewCriterion(head, sets, network.Device);
        var search = new LearningRateSearch(state, criterion, seeds, cancellation);
        var points = search.Run(new LoopData(feed, sets.TrainingRows), Loop, rates);
        var curve = points.Count == 0 ? null : new LearningRateCurve(points);
        if (curve?.Fall > LeastFall) return curve;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"The loss does not fall at any of {points.Count} learning rates from {rates[0]:G3} to {rates[Math.Max(0, points.Count - 1)]:G3}, so there is no rate to suggest: ") +
            "look at a wider range of rates, more steps, or the data.");
    }
}
