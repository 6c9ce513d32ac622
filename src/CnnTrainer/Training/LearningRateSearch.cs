using CnnMlNet.Heads;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// The range test of Smith 2017 (Cyclical learning rates for training neural networks, section 3.3), with rates that grow by a factor: a few steps
/// from a tiny rate to one that is far too large, and what the loss does. The weights that it leaves are of no use. One use, one thread.
/// </summary>
internal sealed class LearningRateSearch(TrainingState state, Criterion criterion, Seeds seeds, Cancellation cancellation)
{
    private const double Smoothing = 0.98;   // share of the past in the smoothed loss, as fastai has it
    private const double Diverged = 4;       // times the best smoothed loss: further on there is nothing to see

    /// <summary>Makes the steps.</summary>
    /// <param name="training">Rows, gone through as often as it takes.</param>
    /// <param name="settings">Order, clipping and batches of a step.</param>
    /// <param name="rates">The rate of each step.</param>
    /// <returns>A point for each step, less those after the loss diverged.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LearningRatePoint> Run(LoopData training, LoopSettings settings, IReadOnlyList<double> rates)
    {
        var points = new List<LearningRatePoint>();
        double average = 0, best = double.MaxValue;
        state.Network.train();
        foreach (double loss in Losses(training, settings, rates))
        {
            if (!double.IsFinite(loss)) break;
            average = Smoothing * average + (1 - Smoothing) * loss;
            double smoothed = average / (1 - Math.Pow(Smoothing, points.Count + 1));   // the average begins at 0
            points.Add(new LearningRatePoint { LearningRate = rates[points.Count], Loss = loss, SmoothedLoss = smoothed });
            best = Math.Min(best, smoothed);
            if (smoothed > Diverged * best) break;
        }

        return points;
    }

    /// <summary>The loss before each step.</summary>
    private IEnumerable<double> Losses(LoopData training, LoopSettings settings, IReadOnlyList<double> rates)
    {
        int step = 0;
        for (int pass = 0; step < rates.Count; pass++)
        {
            int done = 0;
            double loss = 0;
            foreach (var batch in training.Feed.Read(settings.Shuffle ? seeds.Order(training.Rows, pass, training.Feed.Window) : training.Rows, seeds.Draws(pass)))
            {
                cancellation.ThrowIfRequested("The search for a learning rate was cancelled.");
                if (step == rates.Count) yield break;
                var part = new StepPart(training.Feed, training.Rows.Length, done++, settings.AccumulateBatches);
                using (TorchRuntime.Work())
                {
                    using var random = state.LendRandom();
                    using var scope = NewDisposeScope();
                    state.BeginBatch();
                    loss += Learn(batch.Load(), part, rates[step], settings.Clipping);
                }

                state.EndBatch(batch.Count);
                if (!part.IsLast) continue;
                yield return loss;
                (loss, step) = (0, step + 1);
            }
        }
    }

    /// <summary>Learns from a batch; its part of the step's loss.</summary>
    private double Learn(Images.LoadedBatch batch, StepPart part, double rate, GradientClipping? clipping)
    {
        if (part.IsFirst) state.Optimizer.ZeroGrad();
        var loss = criterion.Loss(state.Network.call(batch.Images), batch);
        part.Backward(loss, batch);
        if (part.IsLast) state.Optimizer.Step(rate, clipping: clipping);
        return part.ShareOf(batch) * loss.item<float>();
    }
}
