using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training;

/// <summary>Six steps of each optimizer against PyTorch's: tests/recorded/record_optimizers.py wrote optimizers.json.</summary>
[TestClass]
public sealed class OptimizerTests
{
    private const int Size = 5;

    private sealed record Recorded(Dictionary<string, float[][]> Weights);

    public static IEnumerable<object[]> Cases =>
    [
        ["adam", Optimizer.Adam(0.05)],
        ["adam, other constants", Optimizer.Adam(0.01, 0.8, 0.95, 1e-3, 0.1)],
        ["sgd", Optimizer.Sgd(0.1)],
        ["sgd, weight decay", Optimizer.Sgd(0.1, weightDecay: 0.2)],
        ["sgd, momentum", Optimizer.Sgd(0.1, momentum: 0.9)],
        ["sgd, nesterov", Optimizer.Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.05)],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Step_SixTimes_EqualsPyTorch(string name, Optimizer options)
    {
        var recorded = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("optimizers.json")), JsonSerializerOptions.Web)!.Weights[name];
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Formula(i => Math.Cos(i))));
        using var optimizer = options.Start([("weights", weights)]);
        for (int step = 0; step < recorded.Length; step++)
        {
            weights.grad = tensor(Formula(i => Math.Sin(1 + i + 2 * step)));
            optimizer.Step(options.LearningRate);
            foreach (var (expected, actual) in recorded[step].Zip(weights.data<float>().ToArray())) Assert.AreEqual(expected, actual, 1e-6f, $"{name}, step {step + 1}");
        }
    }

    [TestMethod]
    public void Step_NoGradient_LeavesTheParameter()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Formula(i => i)));
        using var optimizer = Optimizer.Adam(1).Start([("weights", weights)]);
        weights.grad = ones_like(weights);
        optimizer.ZeroGrad();
        optimizer.Step(1);
        CollectionAssert.AreEqual(Formula(i => i), weights.data<float>().ToArray());
    }

    [TestMethod]
    public void Fit_WhileAnotherThreadCollectsGarbage_GivesTheSameBytes()
    {
        var options = Some.Options with { Epochs = 100 };
        var expected = Bytes(options);
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        var actual = Bytes(options);
        stop.Cancel();
        collector.Wait();
        CollectionAssert.AreEqual(expected, actual);
    }

    private static byte[] Bytes(CnnTrainerOptions options)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, options);
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }

    private static float[] Formula(Func<int, double> value) => [.. Enumerable.Range(0, Size).Select(i => (float)value(i))];
}
