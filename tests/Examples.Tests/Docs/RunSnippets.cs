using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using TorchSharp;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class RunSnippets : Snippet
{
    [TestMethod]
    public void Validation()
    {
        var options = new CnnTrainerOptions
        {
            Epochs = 100,
            ValidationFraction = 0.2,                                            // or trainer.Fit(trainView, validationView)
            EarlyStopping = EarlyStopping.OnLoss(patience: 5),                   // or EarlyStopping.OnAccuracy()
            WeightAveraging = WeightAveraging.Exponential(decay: 0.99),
        };
        using var model = Fit(options);
        var history = model.Model.History;
        Console.WriteLine($"{history.StopReason}: the best epoch was {history.BestEpoch}, its weights are the model's");

        Assert.IsTrue(history.BestEpoch > 0);
        Fit(options with { EarlyStopping = EarlyStopping.OnAccuracy(patience: 2), Epochs = 5 }).Dispose();
    }

    [TestMethod]
    public void Resuming()
    {
        using var temporary = new TempFolder();
        var folder = temporary.Path;

        var options = new CnnTrainerOptions
        {
            Epochs = 20, Seed = 1,
            Checkpoints = Checkpoints.In(folder, everyEpochs: 1, every: TimeSpan.FromMinutes(10), keep: 2),
        };

        using var stop = new CancellationTokenSource();
        using (var cut = Fit(options with { CancellationToken = stop.Token, OnEpochEnd = report => { if (report.Epoch == 3) stop.Cancel(); } }))
            Assert.AreEqual(StopReason.Cancelled, cut.Model.History.StopReason);
        using var resumed = Fit(options);
        using var whole = Fit(options with { Checkpoints = null });
        Assert.HasCount(20, resumed.Model.History.Epochs);
        CollectionAssert.AreEqual(Some.FlatScores(whole.Transform(test)), Some.FlatScores(resumed.Transform(test)));
    }

    [TestMethod]
    public void Ending()
    {
        using var stop = new CancellationTokenSource();
        var options = new CnnTrainerOptions
        {
            Epochs = 1_000_000,
            TimeBudget = TimeSpan.FromSeconds(0.5),                              // or hours
            CancellationToken = stop.Token,                                      // Fit returns what was learned
            NewCancellationToken = () => CancellationToken.None,                 // asked anew at each Fit
        };
        using var model = Fit(options);
        Console.WriteLine(model.Model.History.StopReason);                       // TimeBudget

        Assert.AreEqual(StopReason.TimeBudget, model.Model.History.StopReason);
    }

    [TestMethod]
    public void GoingOn()
    {
        using var first = Fit(new CnnTrainerOptions());

        var more = new CnnTrainerOptions { StartFrom = StartFrom.Model(first.Model), Epochs = 3 };   // the same layers and classes
        using var second = Fit(more);

        Assert.IsEmpty(second.Model.History.Transfer!.Fresh);
        Assert.IsLessThan(first.Model.History.Epochs[0].Loss, second.Model.History.Epochs[0].Loss);
    }

    [TestMethod]
    public void Transferring()
    {
        using var source = Fit(new CnnTrainerOptions());
        var twoClasses = Some.Keyed(ml, classes: 2);

        var options = new CnnTrainerOptions
        {
            StartFrom = StartFrom.MatchingWeights(source.Model),                 // those with the same path and shape; other classes get a new output layer
            Frozen = ["0"],                                                      // the first layer stays as it is
        };
        using var model = Fit(options, twoClasses);
        Console.WriteLine(model.Model.History.Transfer);                         // 4 weights taken; drawn anew: 7.weight, 7.bias; ...

        StringAssert.StartsWith(model.Model.History.Transfer!.ToString(), "4 weights taken; drawn anew: 7.weight, 7.bias");
        using var before = source.With([ExtraColumn.Embedding(layer: "0")]);
        using var after = model.With([ExtraColumn.Embedding(layer: "0")]);
        CollectionAssert.AreEqual(Some.FlatScores(before.Transform(test), "Embedding"), Some.FlatScores(after.Transform(test), "Embedding"));
    }

    [TestMethod]
    public void Published()
    {
        using var folder = new TempFolder();
        var photos = Some.Keyed(ml, rows: 6, shape: new ImageShape(3, 32, 32));
        var path = SafetensorsFile.Write(folder.File("resnet18.safetensors"), SafetensorsFile.Random("layer2.0.downsample.0.weight", [128, 64, 1, 1]), SafetensorsFile.Random("fc.bias", [1000]));

        var options = new CnnTrainerOptions
        {
            Architecture = CnnArchitecture.ResNet18,
            StartFrom = StartFrom.Safetensors(path),                             // torchvision's names, or the paths of the architecture
            PixelScaling = PixelScaling.ImageNet(),                              // what torchvision's weights expect of values of 0 to 255
            Frozen = ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4"],   // only the new output layer learns
        };
        using var model = Fit(options, photos);
        Console.WriteLine(model.Model.History.Transfer);                         // 100 weights taken; drawn anew: fc.weight, fc.bias; not used: ...

        CollectionAssert.AreEqual(new[] { "layer2.0.0.shortcut.0.weight" }, model.Model.History.Transfer!.Taken.ToArray());
        CollectionAssert.AreEqual(new[] { "fc.bias" }, model.Model.History.Transfer.Unused.ToArray());
    }

    [TestMethod]
    public void History()
    {
        using var model = Fit(new CnnTrainerOptions { ValidationFraction = 0.2 });

        var history = model.Model.History;                                       // saved with the model
        Console.WriteLine(history);                                              // a line on the run, one for each epoch
        var last = history.Epochs[^1];
        Console.WriteLine($"{last.Loss} {last.Accuracy} {last.ValidationLoss} {last.ValidationMetrics?["accuracy"]} {last.LearningRate}");
        var (json, epochs, batches) = (history.ToJson(), history.ToCsv(), history.ToBatchCsv());
        Console.WriteLine($"{history.BatchLosses.Count} batches, seed {history.Seed}, {history.Versions["TorchSharp"]}");

        StringAssert.Contains(json, "\"batchLosses\"");
        Assert.HasCount(12, epochs.Split('\n'));
        Assert.HasCount(history.BatchLosses.Count + 2, batches.Split('\n'));
    }

    [TestMethod]
    public void Progress()
    {
        var options = new CnnTrainerOptions
        {
            OnEpochEnd = report => Console.WriteLine(report),                    // Epoch 3: loss 0.2101, accuracy 0.9310, 1.4 s
            OnBatchEnd = report => Console.WriteLine(report.ImagesPerSecond),
            ReportEvery = 20,                                                    // batches from one OnBatchEnd to the next
        };
        ml.Log += (_, entry) => Console.WriteLine(entry.Message);                // the same lines, with everything else that ML.NET says

        Fit(options).Dispose();
    }

    [TestMethod]
    public void Bar()
    {
        var options = new CnnTrainerOptions { Epochs = 20 }.WithProgressBar();
        var plain = options.WithProgressBar(mode: ProgressMode.Plain);           // the table alone; Quiet: nothing

        Fit(plain).Dispose();
    }

    [TestMethod]
    public void Devices()
    {
        var options = new CnnTrainerOptions
        {
            Device = torch.cuda.is_available() ? ComputeDevice.Cuda(0) : ComputeDevice.Cpu,
            Threads = 2,                                                         // of LibTorch, on the CPU
            LoadingThreads = 10,                                                 // gather and augment the next batch meanwhile
            Seed = 1,                                                            // else that of the MLContext
        };

        Fit(options).Dispose();
    }
}
