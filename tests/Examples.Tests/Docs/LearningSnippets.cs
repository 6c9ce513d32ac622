using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class LearningSnippets : Snippet
{
    [TestMethod]
    public void Optimizers()
    {
        Optimizer[] optimizers =
        [
            Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, nesterov: true), Optimizer.Adam(learningRate: 3e-3),
            Optimizer.AdamW(weightDecay: 0.05), Optimizer.Adamax(), Optimizer.NAdam(), Optimizer.RAdam(), Optimizer.RmsProp(),
            Optimizer.Adagrad(), Optimizer.Adadelta(),
        ];

        foreach (var optimizer in optimizers) Fit(new CnnTrainerOptions { Optimizer = optimizer, Epochs = 1 }).Dispose();
    }

    [TestMethod]
    public void DecayAndGroups()
    {
        var architecture = new CnnArchitecture(
            Layer.Sequence(Layer.Conv(8, kernel: 3), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2)).Named("features"),
            Layer.Flatten(), Layer.Output());
        var optimizer = Optimizer.AdamW(learningRate: 1e-3, weightDecay: 0.05) with
        {
            SparesBiasesAndNorms = true,                                         // they do not decay
            Groups = [new ParameterGroup { Path = "features", LearningRateFactor = 0.1, WeightDecay = 0 }],
        };

        AssertMatters(new CnnTrainerOptions { Architecture = architecture, Optimizer = optimizer, Epochs = 1 });
    }

    [TestMethod]
    public void Steps()
    {
        var options = new CnnTrainerOptions
        {
            BatchSize = 16,
            AccumulateBatches = 4,                                               // a step learns from 64 rows in the memory of 16
            DropLastBatch = true,                                                // a last batch that is not full is left out
            GradientClipping = GradientClipping.ByNorm(1),                       // all of them together
        };
        var byValue = options with { GradientClipping = GradientClipping.ByValue(0.5), Shuffle = false };

        Assert.HasCount(30, AssertMatters(options).BatchLosses);
        AssertMatters(byValue);
    }

    [TestMethod]
    public void Schedules()
    {
        Schedule[] schedules =
        [
            Schedule.Constant(), Schedule.Step(everyEpochs: 3, factor: 0.5), Schedule.Exponential(factor: 0.9), Schedule.Cosine(),
            Schedule.OneCycle(), Schedule.ReduceOnPlateau(factor: 0.5, patience: 3),
        ];
        var options = new CnnTrainerOptions
        {
            Epochs = 10,
            Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9),         // the largest rate
            Schedule = Schedule.Cosine().WithWarmUp(epochs: 1),
        };

        foreach (var schedule in schedules) Fit(options with { Schedule = schedule, Epochs = 2 }).Dispose();
        var rates = AssertMatters(options).Epochs.Select(epoch => epoch.LearningRate).ToList();
        Assert.AreEqual(0.001, rates[0], 1e-9, "an epoch is a step of the 60 rows");
        Assert.AreEqual(0.1, rates[1], 1e-9);
        Assert.IsLessThan(0.01, rates[^1]);
    }

    [TestMethod]
    public void FindingARate()
    {
        var options = new CnnTrainerOptions { Schedule = Schedule.OneCycle() };
        var curve = ml.MulticlassClassification.Trainers.Cnn(options).FindLearningRate(train);
        Console.WriteLine(curve);                                                // rates, losses, and the suggestion
        options = options with { Optimizer = Optimizer.Adam(curve.Suggestion) };

        Assert.IsTrue(curve.Suggestion is > 1e-6 and < 10, $"{curve.Suggestion}");
        Assert.AreEqual(curve.Suggestion, options.Optimizer.LearningRate);
    }

    [TestMethod]
    public void Losses()
    {
        var smooth = Loss.CrossEntropy(labelSmoothing: 0.1);
        var balanced = Loss.CrossEntropy(classWeights: ClassWeights.Balanced());
        var given = Loss.CrossEntropy(classWeights: ClassWeights.Of(1, 2, 1));   // in the order of the classes
        var named = Loss.Focal(gamma: 2, ClassWeights.Of(new Dictionary<string, double> { ["c1"] = 2 }));

        foreach (var loss in new[] { smooth, balanced, given, named }) Fit(new CnnTrainerOptions { Loss = loss, Epochs = 1 }).Dispose();
    }

    [TestMethod]
    public void RowWeights()
    {
        var rows = Some.Rows().Select((row, i) => new WeightedRow { Features = row.Features, Label = row.Label, Importance = i % 3 }).ToList();
        var data = Some.WithKeys(ml, Some.View(ml, rows));

        var options = new CnnTrainerOptions { ExampleWeightColumnName = "Importance" };   // a column of Single

        using var weighted = Fit(options, data);
        using var plain = Fit(new CnnTrainerOptions());
        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(test)), Some.FlatScores(weighted.Transform(test)));
    }

    private sealed class WeightedRow
    {
        [VectorType(1, 8, 8)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public float Importance { get; set; }
    }
}
