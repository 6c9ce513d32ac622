using System.Text.Json;
using CnnMlNet.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training.Schedules;

/// <summary>Learning rates, momenta and weights of each step against PyTorch's: tests/recorded/record_schedules.py wrote schedules.json.</summary>
[TestClass]
public sealed class ScheduleTests
{
    private static readonly Recorded Torch = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("schedules.json")), JsonSerializerOptions.Web)!;

    private sealed record Recorded(
        int Epochs, int StepsPerEpoch, double Rate, Dictionary<string, Run> Runs, double[] Losses, Dictionary<string, double[]> Reduced, Dictionary<string, float[][]> Cycled);

    private sealed record Run(double[] Rates, double[] Momenta);

    public static IEnumerable<object[]> Cases =>
    [
        ["constant", Schedule.Constant()],
        ["step", Schedule.Step(2, 0.3)],
        ["exponential", Schedule.Exponential(0.8)],
        ["cosine", Schedule.Cosine()],
        ["cosine, final", Schedule.Cosine(0.1)],
        ["cosine, per epoch", Schedule.Cosine(0.1, perEpoch: true)],
        ["one cycle", Schedule.OneCycle()],
        ["one cycle, other constants", Schedule.OneCycle(0.45, 5, 20, true, 0.6, 0.9)],
        ["one cycle, momentum kept", Schedule.OneCycle(cycleMomentum: false)],
        ["one cycle, no rise", Schedule.OneCycle(0)],
        ["constant after warm-up", Schedule.Constant().WithWarmUp(2, 0.05)],
        ["cosine after warm-up", Schedule.Cosine().WithWarmUp(1.6, 0.1)],
        ["step after warm-up", Schedule.Step(2, 0.3).WithWarmUp(1)],
    ];

    public static IEnumerable<object[]> Plateaus =>
    [
        ["plateau", Schedule.ReduceOnPlateau(patience: 2)],
        ["plateau, no patience", Schedule.ReduceOnPlateau(0.5, 0)],
        ["plateau, other constants", Schedule.ReduceOnPlateau(0.3, 1, 0.2, 3, 0.01)],
        ["plateau, rates too small to change", Schedule.ReduceOnPlateau(1e-4, 0)],
    ];

    public static IEnumerable<object[]> Cycled =>
    [
        ["sgd", Optimizer.Sgd()], ["sgd, nesterov", Optimizer.Sgd(momentum: 0.9, nesterov: true)], ["adam", Optimizer.Adam()],
        ["adamw", Optimizer.AdamW(weightDecay: 0.1)], ["adamax", Optimizer.Adamax()], ["radam", Optimizer.RAdam()], ["rmsprop", Optimizer.RmsProp()],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void At_EachStep_EqualsPyTorch(string name, Schedule schedule)
    {
        var rule = schedule.Start(Torch.Rate, Torch.Epochs, Torch.StepsPerEpoch);
        var run = Torch.Runs[name];
        for (int step = 0; step < run.Rates.Length; step++)
        {
            var (rate, momentum) = rule.At(step);
            Assert.AreEqual(run.Rates[step], rate, 1e-12, $"rate of step {step}");
            Assert.AreEqual(run.Momenta[step], momentum ?? 0.9, 1e-12, $"momentum of step {step}");
            Assert.AreEqual(schedule is OneCycleSchedule { CycleMomentum: true }, momentum is not null);
            if ((step + 1) % Torch.StepsPerEpoch == 0) rule.EndEpoch(1);   // no matter to these
        }
    }

    [TestMethod]
    [DynamicData(nameof(Plateaus))]
    public void Plateau_EachLoss_EqualsPyTorch(string name, Schedule schedule)
    {
        foreach (var warmUp in new[] { false, true })
        {
            var rule = (warmUp ? schedule.WithWarmUp(1) : schedule).Start(Torch.Rate, Torch.Losses.Length, 1);
            for (int epoch = 0; epoch < Torch.Losses.Length; epoch++)
            {
                rule.EndEpoch(Torch.Losses[epoch]);
                Assert.AreEqual(Torch.Reduced[name][epoch], rule.At(epoch + 1).LearningRate, 1e-15, $"after {epoch + 1} epochs");
            }
        }
    }

    [TestMethod]
    public void Plateau_StatePutBack_GoesOnAlike()
    {
        var schedule = Schedule.ReduceOnPlateau(0.5, 1, cooldown: 2).WithWarmUp(1);
        for (int until = 0; until < Torch.Losses.Length; until++)
        {
            ScheduleRule first = schedule.Start(0.1, 30, 1), next = schedule.Start(0.1, 30, 1);
            foreach (double loss in Torch.Losses[..until]) first.EndEpoch(loss);
            Assert.IsTrue(first.State.All(double.IsFinite), "it can stand in a file");
            next.State = first.State;
            foreach (double loss in Torch.Losses[until..])
            {
                first.EndEpoch(loss);
                next.EndEpoch(loss);
                Assert.AreEqual(first.At(20), next.At(20));
            }
        }

        Assert.ThrowsExactly<ArgumentException>(() => schedule.Start(0.1, 30, 1).State = [1]);
        Assert.ThrowsExactly<ArgumentException>(() => Schedule.Constant().Start(0.1, 30, 1).State = [1]);
    }

    [TestMethod]
    [DynamicData(nameof(Cycled))]
    public void Step_MomentumOfOneCycle_EqualsPyTorch(string name, Optimizer options)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([.. Enumerable.Range(0, 5).Select(i => (float)Math.Cos(i))]));
        var rule = Schedule.OneCycle().Start(Torch.Rate, Torch.Epochs, Torch.StepsPerEpoch);
        using var optimizer = options.Start([("weights", weights)], givenMomentum: true);
        var recorded = Torch.Cycled[name];
        for (int step = 0; step < recorded.Length; step++)
        {
            weights.grad = tensor([.. Enumerable.Range(0, 5).Select(i => (float)Math.Sin(1 + i + 2 * step))]);
            var (rate, momentum) = rule.At(optimizer.Steps);
            optimizer.Step(rate, momentum);
            var actual = weights.data<float>().ToArray();
            for (int i = 0; i < 5; i++) Assert.AreEqual(recorded[step][i], actual[i], 1e-5f, $"{name}, step {step + 1}");
        }
    }

    /// <summary>No rate is below 0 or not a number, however short the run, and none comes after the last.</summary>
    [TestMethod]
    public void At_ShortRunsAndStepsBeyondTheLast_StaysInRange()
    {
        foreach (var schedule in Cases.Select(test => (Schedule)test[1]).Append(Schedule.OneCycle(1)))
        {
            foreach (var (epochs, steps) in new[] { (1, 1), (1, 2), (2, 1), (3, 1), (1, 4) })
            {
                var rule = schedule.Start(0.2, epochs, steps);
                for (long step = 0; step < 100; step++) Assert.IsTrue(rule.At(step) is { LearningRate: >= 0 and <= 0.2 + 1e-12, Momentum: null or (>= 0 and < 1) }, $"{schedule}, step {step}");
            }
        }
    }
}
