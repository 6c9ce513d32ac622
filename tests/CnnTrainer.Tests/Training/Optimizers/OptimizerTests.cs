using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training.Optimizers;

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
        ["adamw", Optimizer.AdamW(0.05)],
        ["adamw, other constants", Optimizer.AdamW(0.05, 0.8, 0.95, 1e-3, 0.5)],
        ["adamax", Optimizer.Adamax(0.05)],
        ["adamax, other constants", Optimizer.Adamax(0.05, 0.8, 0.6, 1e-2, 0.1)],
        ["nadam", Optimizer.NAdam(0.05)],
        ["nadam, other constants", Optimizer.NAdam(0.05, 0.8, 0.95, 1e-3, 0.1, 0.1)],
        ["radam", Optimizer.RAdam(0.05)],
        ["radam, other constants", Optimizer.RAdam(0.05, 0.8, 0.9, 1e-3, 0.1)],
        ["rmsprop", Optimizer.RmsProp(0.05)],
        ["rmsprop, other constants", Optimizer.RmsProp(0.05, 0.8, 1e-3, weightDecay: 0.1)],
        ["rmsprop, momentum", Optimizer.RmsProp(0.05, momentum: 0.9)],
        ["rmsprop, centered", Optimizer.RmsProp(0.05, centered: true)],
        ["rmsprop, centered, momentum", Optimizer.RmsProp(0.05, 0.7, momentum: 0.5, centered: true, weightDecay: 0.1)],
        ["adagrad", Optimizer.Adagrad(0.05)],
        ["adagrad, other constants", Optimizer.Adagrad(0.05, 0.3, 0.4, 1e-3, 0.1)],
        ["adadelta", Optimizer.Adadelta()],
        ["adadelta, other constants", Optimizer.Adadelta(0.5, 0.7, 1e-3, 0.1)],
    ];

    public static IEnumerable<object[]> Clippings => [["clip by norm", GradientClipping.ByNorm(1.3)], ["clip by value", GradientClipping.ByValue(0.7)]];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Step_SixTimes_EqualsPyTorch(string name, Optimizer options)
    {
        var recorded = Recording(name);
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Formula(i => Math.Cos(i))));
        using var optimizer = options.Start([("weights", weights)]);
        for (int step = 0; step < recorded.Length; step++)
        {
            weights.grad = tensor(Formula(i => Math.Sin(1 + i + 2 * step)));
            optimizer.Step(options.LearningRate);
            AssertNear(recorded[step], weights.data<float>().ToArray(), 1e-6f, $"{name}, step {step + 1}");
        }
    }

    /// <summary>Every optimizer's own settings make other numbers: none of the cases above says the same twice.</summary>
    [TestMethod]
    public void Recording_AllCases_Differ()
    {
        var last = Cases.Select(test => string.Join(' ', Recording((string)test[0])[^1])).ToList();
        CollectionAssert.AllItemsAreUnique(last);
        Assert.HasCount(last.Count, Cases.Select(test => test[1]).Distinct());
    }

    [TestMethod]
    [DynamicData(nameof(Clippings))]
    public void Step_ClippedGradients_EqualsPyTorch(string name, GradientClipping clipping)
    {
        var recorded = Recording(name);
        using var scope = NewDisposeScope();
        Parameter a = new(tensor(Formula(i => Math.Cos(i)))), b = new(tensor(Formula(i => Math.Cos(i))));
        using var optimizer = Optimizer.Sgd().Start([("a", a), ("b", b)]);
        for (int step = 0; step < recorded.Length; step++)
        {
            a.grad = tensor(Formula(i => Math.Sin(1 + i + 2 * step) * step / 3));
            b.grad = tensor(Formula(i => Math.Sin(1 + i + 2 * (step + 1)) / 2));
            optimizer.Step(0.1, clipping: clipping);
            AssertNear(recorded[step], [.. a.data<float>().ToArray(), .. b.data<float>().ToArray()], 1e-6f, $"{name}, step {step + 1}");
        }
    }

    /// <summary>The norm is that of the gradients that move something: one that is frozen or has none changes nothing.</summary>
    [TestMethod]
    public void Step_ClippedByNorm_LeavesOutWhatDoesNotLearn()
    {
        using var scope = NewDisposeScope();
        Parameter a = new(zeros([2])), frozen = new(zeros([2])), without = new(zeros([2]));
        var options = Optimizer.Sgd() with { Groups = [new ParameterGroup { Path = "frozen", LearningRateFactor = 0 }] };
        using var optimizer = options.Start([("a", a), ("frozen", frozen), ("without", without)]);
        (a.grad, frozen.grad) = (tensor([3f, 4f]), tensor([1000f, 1000f]));
        optimizer.Step(1, clipping: GradientClipping.ByNorm(2.5));
        AssertNear([-1.5f, -2f], a.data<float>().ToArray(), 1e-5f, "half of a norm of 5");
        CollectionAssert.AreEqual(new float[2], frozen.data<float>().ToArray());
        optimizer.ZeroGrad();
        optimizer.Step(1, clipping: GradientClipping.ByNorm(1));   // nothing to clip
        AssertNear([-1.5f, -2f], a.data<float>().ToArray(), 1e-5f, "no gradient");
    }

    [TestMethod]
    public void SparesBiasesAndNorms_WeightsOfOneDimension_DoNotDecayUnlessTheirGroupDoes()
    {
        foreach (var options in new[] { Optimizer.Sgd(0.1, weightDecay: 0.5), Optimizer.AdamW(0.1, weightDecay: 0.5), Optimizer.Adadelta(weightDecay: 0.5) })
        {
            var all = Decayed(options);
            var spared = Decayed(options with { SparesBiasesAndNorms = true, Groups = [new ParameterGroup { Path = "shift", WeightDecay = 0.5 }] });
            Assert.AreNotEqual(1, all.Bias, options.ToString());
            Assert.AreEqual(1, spared.Bias, options.ToString());
            Assert.AreEqual(all.Weight, spared.Weight, options.ToString());
            Assert.AreEqual(all.Shift, spared.Shift, options.ToString());
        }
    }

    [TestMethod]
    public void Step_ManyTimesOfEachOptimizer_LeavesNoTensor()
    {
        foreach (var options in Cases.Select(test => (Optimizer)test[1]))
        {
            using var weights = new Parameter(ones([2, 3]));   // see LeakTests.Miscounted
            long before = Tensor.TotalCount;
            using (NewDisposeScope())
            {
                using var optimizer = options.Start([("weights", weights)], givenMomentum: true);
                weights.grad = ones([2, 3]);
                for (int step = 0; step < 3; step++) optimizer.Step(0.1, 0.5, GradientClipping.ByNorm(1));
            }

            Assert.AreEqual(before, Tensor.TotalCount, options.ToString());
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

    private static float[][] Recording(string name) =>
        JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("optimizers.json")), JsonSerializerOptions.Web)!.Weights[name];

    private static void AssertNear(float[] expected, float[] actual, float delta, string what)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], delta, what);
    }

    /// <summary>What a step without gradient leaves of a weight, a bias and a shift of 1.</summary>
    private static (float Weight, float Bias, float Shift) Decayed(Optimizer options)
    {
        using var scope = NewDisposeScope();
        Parameter weight = new(ones([2, 2])), bias = new(ones([2])), shift = new(ones([2]));
        using var optimizer = options.Start([("weight", weight), ("bias", bias), ("shift", shift)]);
        foreach (var parameter in new[] { weight, bias, shift }) parameter.grad = zeros_like(parameter);
        optimizer.Step(0.1);
        return (weight.data<float>()[0], bias.data<float>()[0], shift.data<float>()[0]);
    }

    private static byte[] Bytes(CnnTrainerOptions options)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, options);
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }

    private static float[] Formula(Func<int, double> value) => [.. Enumerable.Range(0, Size).Select(i => (float)value(i))];
}
