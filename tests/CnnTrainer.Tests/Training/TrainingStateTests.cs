using CnnMlNet.Tests.Architecture;
using CnnMlNet.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Training;

/// <summary>A run that is saved, put back into another network and gone on with, against one that was never stopped: bit for bit.</summary>
[TestClass]
public sealed class TrainingStateTests
{
    private const int Rows = 12, Batch = 5, Epochs = 5, Classes = 3;
    private static readonly Seeds RunSeeds = new(25);

    public static IEnumerable<object[]> Optimizers =>
    [
        [Optimizer.Adam(0.02, weightDecay: 0.01), Schedule.Constant()], [Optimizer.Sgd(0.1), Schedule.Exponential(0.8)],
        [Optimizer.Sgd(0.1, momentum: 0.9), Schedule.Cosine()], [Optimizer.Sgd(0.1, momentum: 0.9, nesterov: true), Schedule.ReduceOnPlateau(0.3, 1, cooldown: 1)],
        [Optimizer.Adam(0.02) with { Groups = [new ParameterGroup { Path = "0", LearningRateFactor = 0 }] }, Schedule.Step(2).WithWarmUp(1)],
        [Optimizer.AdamW(0.02), Schedule.ReduceOnPlateau(0.3, 0).WithWarmUp(1)], [Optimizer.Adamax(0.02), Schedule.OneCycle()],
        [Optimizer.NAdam(0.02), Schedule.OneCycle()], [Optimizer.RAdam(0.02), Schedule.OneCycle()], [Optimizer.Sgd(0.05), Schedule.OneCycle()],
        [Optimizer.RmsProp(0.02, centered: true), Schedule.OneCycle()], [Optimizer.Adagrad(0.02, 0.1, 0.1), Schedule.Constant()], [Optimizer.Adadelta(), Schedule.Constant()],
    ];

    [TestInitialize]
    public void Register() => CnnModules.Register("TrainingStateTests.Block", input => new OwnNetworks.Block(input.Channels));

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Restore_IntoAnotherNetwork_GoesOnBitForBit(Optimizer optimizer, Schedule schedule)
    {
        foreach (var architecture in new[] { Some.AllLayers, new CnnArchitecture(Layer.Module("TrainingStateTests.Block"), Layer.Flatten(), Layer.Output()) })
        {
            using var scope = NewDisposeScope();
            var uninterrupted = Run(architecture, optimizer, schedule, firstWeights: 1);
            for (int until = 0; until < Epochs; until += 2)
            {
                Snapshot snapshot;
                using (var firstNetwork = Networks.Build(architecture, Some.Shape, Classes, 1))
                using (var first = new TrainingState(firstNetwork, optimizer, Rule(schedule), RunSeeds))
                {
                    Train(first, until);
                    snapshot = first.Save();
                }

                using var nextNetwork = Networks.Build(architecture, Some.Shape, Classes, 99);
                using var next = new TrainingState(nextNetwork, optimizer, Rule(schedule), RunSeeds);
                next.Restore(snapshot);
                snapshot.Dispose();
                Assert.AreEqual(until, next.Epoch);
                Train(next, Epochs);
                AssertSame(uninterrupted, Values(next), $"{optimizer}, {schedule}, stopped after {until}");
            }
        }
    }

    [TestMethod]
    public void Save_ThenTrainOn_LeavesTheSnapshot()
    {
        using var scope = NewDisposeScope();
        using var stateNetwork = Networks.Build(Some.Network, Some.Shape, Classes, 1);
        using var state = new TrainingState(stateNetwork, Optimizer.Adam(0.1), Rule(), RunSeeds);
        Train(state, 1);
        using var snapshot = state.Save();
        var before = snapshot.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.bytes.ToArray());
        Train(state, 3);
        foreach (var (name, tensor) in snapshot.Tensors) Assert.IsTrue(tensor.bytes.SequenceEqual(before[name]), name);
    }

    [TestMethod]
    public void Restore_OfAnotherNetworkOptimizerOrSchedule_IsAnError()
    {
        using var scope = NewDisposeScope();
        using var stateNetwork = Networks.Build(Some.Network, Some.Shape, Classes, 1);
        using var state = new TrainingState(stateNetwork, Optimizer.Adam(0.1), Rule(), RunSeeds);
        var before = Values(state);
        foreach (var (architecture, optimizer, schedule) in new[]
        {
            (Some.AllLayers, Optimizer.Adam(), Schedule.Constant()), (Some.Network, Optimizer.Sgd(), Schedule.Constant()),
            (Some.Network, Optimizer.Sgd(momentum: 0.9), Schedule.Constant()), (Some.Network, Optimizer.Adam(), Schedule.ReduceOnPlateau()),
        })
        {
            using var otherNetwork = Networks.Build(architecture, Some.Shape, Classes, 2);
            using var other = new TrainingState(otherNetwork, optimizer, Rule(schedule), RunSeeds);
            using var snapshot = other.Save();
            Assert.ThrowsExactly<ArgumentException>(() => state.Restore(snapshot));
        }

        AssertSame(before, Values(state), "an error changes nothing");
    }

    [TestMethod]
    public void SaveAndRestore_ManyTimes_LeaveNoTensor()
    {
        using var network = Networks.Build(Some.AllLayers, Some.Shape, Classes);
        using var state = new TrainingState(network, Optimizer.Adam(), Rule(), RunSeeds);
        long before = Tensor.TotalCount;
        for (int i = 0; i < 5; i++)
        {
            using var snapshot = state.Save();
            state.Restore(snapshot);
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    private static Dictionary<string, byte[]> Run(CnnArchitecture architecture, Optimizer optimizer, Schedule schedule, ulong firstWeights)
    {
        using var stateNetwork = Networks.Build(architecture, Some.Shape, Classes, firstWeights);
        using var state = new TrainingState(stateNetwork, optimizer, Rule(schedule), RunSeeds);
        Train(state, Epochs);
        return Values(state);
    }

    private static void Train(TrainingState state, int epochs)
    {
        while (state.Epoch < epochs)
        {
            state.BeginEpoch();
            foreach (var rows in RunSeeds.Order([.. Enumerable.Range(0, Rows)], state.Epoch).Chunk(Batch))
            {
                using var random = state.LendRandom();
                using var scope = NewDisposeScope();
                state.Optimizer.ZeroGrad();
                var images = tensor([.. rows.SelectMany(row => Enumerable.Range(0, 64).Select(i => (float)Math.Sin(row * 64 + i)))], [rows.Length, 1, 8, 8]);
                functional.cross_entropy(state.Network.call(images), tensor([.. rows.Select(row => (long)row % Classes)])).backward();
                var (rate, momentum) = state.Schedule.At(state.Optimizer.Steps);
                state.Optimizer.Step(rate, momentum);
                state.Rows += rows.Length;
            }

            state.EndEpoch();
            state.Schedule.EndEpoch(1.0 / Math.Min(2, state.Epoch));   // better once
        }
    }

    private static ScheduleRule Rule(Schedule? schedule = null) => (schedule ?? Schedule.Constant()).Start(0.05, Epochs, (Rows + Batch - 1) / Batch);

    private static Dictionary<string, byte[]> Values(TrainingState state)
    {
        using var snapshot = state.Save();
        return snapshot.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.bytes.ToArray());
    }

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual, string what)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach (var (name, bytes) in expected) Assert.IsTrue(bytes.AsSpan().SequenceEqual(actual[name]), $"{what}: {name}");
    }
}
