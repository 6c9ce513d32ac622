using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnMlNet.Tests.Reports;

[TestClass]
public sealed class ReportTests
{
    private static readonly MLContext ml = Some.Context();
    private static CnnTransformer s_model = null!;

    [ClassInitialize]
    public static void Fit(TestContext context) => s_model = Some.Trained(ml);

    [ClassCleanup]
    public static void Dispose() => s_model.Dispose();

    [EachCulture]
    public void SaveReport_Classifier_HasTheNumbersOfItsClassReport()
    {
        var test = Some.Keyed(ml, rows: 45, seed: 2);
        var expected = ml.MulticlassClassification.ClassReport(s_model.Transform(test));
        using var file = new ReportFile(s_model, test, new ReportOptions { TrainingData = Some.Keyed(ml), Images = 9 });
        Assert.AreEqual(45, file.Results["rows"]!.GetValue<long>());
        CollectionAssert.AreEqual(new[] { "c0", "c1", "c2" }, file.Classes);
        foreach (var (found, score) in file.Results["classes"]!.AsArray().Zip(expected.Classes)) Assert.AreEqual(score.F1, found!["f1"]!.GetValue<double>(), 1e-9);
        foreach (var cell in file.Results["confusion"]!.AsArray())
            Assert.AreEqual(expected.Confusion[cell![0]!.GetValue<int>(), cell[1]!.GetValue<int>()], cell[2]!.GetValue<long>());
        Assert.AreEqual(45, file.Results["confusion"]!.AsArray().Sum(cell => cell![2]!.GetValue<long>()));
        Assert.AreEqual(expected.Calibration.ExpectedCalibrationError, file.Results["calibration"]!["error"]!.GetValue<double>(), 1e-9);
        Assert.AreEqual(expected.TopKAccuracy(2), file.Results["topK"]![1]!.GetValue<double>(), 1e-9);
        foreach (var one in file.Data["balance"]!.AsArray()) Assert.AreEqual((20L, 15L), (one!["training"]!.GetValue<long>(), one["test"]!.GetValue<long>()));
        Assert.AreEqual(9, file.Count("samples"));
        int right = (int)Math.Round(45 * expected.Accuracy);
        Assert.AreEqual((Math.Min(9, right), Math.Min(9, 45 - right)), (file.Count("leastCertain"), file.Count("mistakes")));
        Assert.AreEqual($"{(100 * expected.Accuracy).ToString("F1", CultureInfo.InvariantCulture)} %", file.Data["facts"]![0]!["value"]!.GetValue<string>());
        Assert.AreEqual(s_model.Model.History.BatchLosses.Count, file.Data["training"]!["losses"]!.AsArray().Count);
        Assert.AreEqual("235", file.Data["network"]!["parameters"]!.ToJsonString());
    }

    [TestMethod]
    public void SaveReport_Twice_WritesTheSameAndLeaksNothing()
    {
        var test = Some.Keyed(ml, seed: 2);
        long before = torch.Tensor.TotalCount;
        using ReportFile first = new(s_model, test), second = new(s_model, test);
        Assert.AreEqual(first.Html, second.Html);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void SaveReport_HtmlInNames_StaysText()
    {
        string[] names = ["</script><img src=x onerror=alert(1)>", "<!-- \"'& {{charts}}", "\u00fcn\u00ef\u2028 \\u003c </style>"];
        var rows = Some.Rows().Select(row => new ImageRow { Features = row.Features, Label = names[row.Label[1] - '0'] }).ToList();
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(new CnnTrainer(ml, Some.Options)).Fit(Some.View(ml, rows));
        using var file = new ReportFile(model, Some.View(ml, rows), new ReportOptions { Title = names[0] });
        CollectionAssert.AreEqual(names, file.Classes);
        Assert.HasCount(3, Regex.Matches(file.Html, "<script"));
        Assert.HasCount(3, Regex.Matches(file.Html, "</script"));
        Assert.DoesNotContain("<img src=x", file.Html);
        StringAssert.Contains(file.Html, "<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</title>");
    }

    [TestMethod]
    public void SaveReport_OneClassOfTestRowsAndOthersNeverPredicted_SaysWhatIsNotKnown()
    {
        using var untaught = Some.Trained(ml, Some.Options with { Epochs = 1, Optimizer = Optimizer.Sgd(1e-9) });
        var one = Some.WithKeys(ml, Some.View(ml, Some.Rows().OrderBy(row => row.Label).ToList()));
        using var file = new ReportFile(untaught, ml.Data.TakeRows(one, 20));
        StringAssert.Contains(file.Results["note"]!.GetValue<string>(), "2 classes have no test images, and so no recall.");
        Assert.AreEqual(2, file.Results["classes"]!.AsArray().Count(score => score!["recall"] is null));

        using var all = new ReportFile(untaught, Some.Keyed(ml));
        int never = ml.MulticlassClassification.ClassReport(untaught.Transform(Some.Keyed(ml))).Classes.Count(score => score.Predicted == 0);
        Assert.IsGreaterThan(0, never);
        StringAssert.Contains(all.Results["note"]!.GetValue<string>(), never == 1 ? "1 class was never predicted" : "2 classes were never predicted");
        Assert.AreEqual(never, all.Results["classes"]!.AsArray().Count(score => score!["precision"] is null));
    }

    [TestMethod]
    public void SaveReport_NoValidation_ShowsTrainingAlone()
    {
        using var file = new ReportFile(s_model, null);
        Assert.IsNull(file.Data["results"]);
        Assert.IsNull(file.Data["training"]!["bestEpoch"]);
        Assert.HasCount(3, file.Data["training"]!["epochs"]!.AsArray());
        Assert.IsTrue(file.Data["training"]!["epochs"]!.AsArray().All(epoch => epoch!["validationLoss"] is null && epoch["loss"] is not null));
    }

    [TestMethod]
    public void SaveReport_ThousandClasses_StaysSmall()
    {
        using var model = new CnnTrainer(ml, Some.Options with { Epochs = 1 }).Fit(Some.Keyed(ml, rows: 2000, classes: 1000));
        using var file = new ReportFile(model, Some.Keyed(ml, rows: 10_000, classes: 1000, seed: 2));
        Assert.HasCount(1000, file.Classes);
        Assert.AreEqual(24, file.Count("samples"));
        Assert.AreEqual(10_000, file.Results["confusion"]!.AsArray().Sum(cell => cell![2]!.GetValue<long>()) + file.Results["leftOut"]!.GetValue<long>());
        Assert.IsLessThan(5_000_000, file.Html.Length);
    }

    [TestMethod]
    public void SaveReport_Binary_HasTwoClasses()
    {
        var rows = Some.View(ml, Some.Rows().Select(row => new Truth { Features = row.Features, Label = row.Label == "c0" }));
        using var model = ml.BinaryClassification.Trainers.Cnn(Some.Options).Fit(rows);
        var expected = ml.BinaryClassification.ClassReport(model.Transform(rows));
        using var file = new ReportFile(model, rows, new ReportOptions { TrainingData = rows });
        CollectionAssert.AreEqual(new[] { "False", "True" }, file.Classes);
        Assert.AreEqual(expected.Classes[1].Recall, file.Results["classes"]![1]!["recall"]!.GetValue<double>(), 1e-9);
        Assert.AreEqual(20, file.Data["balance"]![1]!["training"]!.GetValue<int>());
        Assert.AreEqual(0, file.Results["topK"]!.AsArray().Count);
    }

    [TestMethod]
    public void SaveReport_NoClasses_AsksToLeaveTheTestDataOut()
    {
        var numbers = Some.View(ml, Some.Rows().Select((row, i) => new Amount { Features = row.Features, Label = i % 3 }));
        using var model = ml.Regression.Trainers.Cnn(Some.Options).Fit(numbers);
        var problem = Assert.ThrowsExactly<ArgumentException>(() => new ReportFile(model, numbers));
        StringAssert.Contains(problem.Message, "testData: null");
        using var file = new ReportFile(model, null);
        Assert.IsNull(file.Data["results"]);
        Assert.IsNotEmpty(file.Data["training"]!["metrics"]!.AsArray());
    }

    [TestMethod]
    public void SaveReport_Photographs_AreShownSmall()
    {
        var options = Some.Options with { FeatureColumnName = "Image", ImageShape = new ImageShape(3, 100, 120), Epochs = 1, BadImages = BadImages.Skip() };
        using var model = new CnnTrainer(ml, options).Fit(new Images.PhotoView(60, row => row == 4 ? null : Images.PhotoView.Photo(row)));
        using var file = new ReportFile(model, new Images.PhotoView(30));
        Assert.IsGreaterThan(0, file.Count("maps"));
        foreach (var sample in file.Data["samples"]!.AsArray()) Assert.AreEqual((60, 50), (sample!["width"]!.GetValue<int>(), sample["height"]!.GetValue<int>()));
        Assert.HasCount(3, file.Data["pixels"]!["channels"]!.AsArray());
        Assert.AreEqual(1, file.Data["skipped"]!["count"]!.GetValue<int>());
        Assert.AreEqual(4, file.Data["skipped"]!["images"]![0]!["row"]!.GetValue<int>());
    }

    [TestMethod]
    public void SaveReport_ScaledInPlace_ShowsTheImagesAsTheyCame()
    {
        using var model = ml.Transforms.StandardScale("Features").Append(new CnnTrainer(ml, Some.Options)).Fit(Some.Keyed(ml));
        using var file = new ReportFile(model, Some.Keyed(ml, seed: 2));
        var channel = file.Data["pixels"]!["channels"]![0]!;
        float[] values = [.. Some.Rows(seed: 2).SelectMany(row => row.Features)];
        Assert.AreEqual(values.Average(value => (double)value), channel["mean"]!.GetValue<double>(), 1e-6);
        Assert.AreEqual(Math.Sqrt(values.Average(value => (double)value * value) - Math.Pow(values.Average(value => (double)value), 2)), channel["deviation"]!.GetValue<double>(), 1e-6);
        Assert.AreEqual(values.Max(), channel["most"]!.GetValue<float>());
        Assert.AreEqual(1, channel["shares"]!.AsArray().Sum(share => share!.GetValue<double>()), 1e-4);
    }

    [TestMethod]
    public void SaveReport_TwoChannels_ShowsTheFirst()
    {
        var shape = new ImageShape(2, 8, 8);
        using var model = new CnnTrainer(ml, Some.Options).Fit(Some.Keyed(ml, shape: shape));
        using var file = new ReportFile(model, Some.Keyed(ml, shape: shape));
        Assert.HasCount(2, file.Data["pixels"]!["channels"]!.AsArray());
        Assert.AreEqual(24, file.Count("samples"));
    }

    [TestMethod]
    public void SaveReport_Interleaved_KnowsTheChannels()
    {
        var rows = Some.Rows(shape: new ImageShape(3, 8, 8)).ToList();
        var images = Some.WithKeys(ml, Some.View(ml, rows, new ImageShape(8, 8, 3)));   // the same numbers, read as [height, width, channels]
        using var model = new CnnTrainer(ml, Some.Options with { Interleaved = true }).Fit(images);
        using var file = new ReportFile(model, images);
        for (int channel = 0; channel < 3; channel++)
        {
            double expected = rows.SelectMany(row => row.Features.Where((_, i) => i % 3 == channel)).Average(value => (double)value);
            Assert.AreEqual(expected, file.Data["pixels"]!["channels"]![channel]!["mean"]!.GetValue<double>(), 1e-6);
        }
    }

    [TestMethod]
    public void SaveReport_TrainingDataOfOtherClasses_SaysSo()
    {
        var problem = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ReportFile(s_model, Some.Keyed(ml), new ReportOptions { TrainingData = Some.Keyed(ml, classes: 4) }));
        StringAssert.Contains(problem.Message, "4 keys");
    }

    [TestMethod]
    public void SaveReport_Disposed_Throws()
    {
        var model = Some.Trained(ml);
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => new ReportFile(model, Some.Keyed(ml)));
    }

    [TestMethod]
    public void SaveReport_NoNetworkOrTwo_SaysWhatToGive()
    {
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(ml));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ReportFile(keys, Some.Images(ml))).Message, "no trained CnnTransformer");
        using var other = s_model.With([ExtraColumn.Logits()]);
        var two = new TransformerChain<ITransformer>(s_model, other);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ReportFile(two, Some.Keyed(ml))).Message, "2 CnnTransformers");
    }

    [TestMethod]
    public void SaveReport_NoRows_SaysSo()
    {
        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => new ReportFile(s_model, ml.Data.SkipRows(Some.Keyed(ml), 60)));
        StringAssert.Contains(problem.Message, "nothing to report");
    }

    [TestMethod]
    public void SaveReport_WrongArguments_AreToldAtOnce()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ml.SaveReport("report.txt", s_model));
        var problem = Assert.ThrowsExactly<ArgumentException>(() => new ReportFile(s_model, null, new ReportOptions { Images = 201, LabelColumnName = " " }));
        StringAssert.Contains(problem.Message, "Images is 201");
        StringAssert.Contains(problem.Message, "LabelColumnName is empty");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ReportFile(s_model, Some.Keyed(ml), new ReportOptions { LabelColumnName = "None" }));
    }

    [TestMethod]
    public void SaveReport_PathThatCannotBeWritten_LeavesNothing()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("report.html"));
        Assert.ThrowsExactly<IOException>(() => ml.SaveReport(folder.File("report.html"), s_model));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void SaveReport_BuiltWithoutCharts_SaysWhatToInstall()
    {
        var load = typeof(ReportOptions).Assembly.GetType("CnnMlNet.Reports.ReportPage")!.GetMethod("Load", [typeof(Func<string, Stream?>)])!;
        var problem = Assert.ThrowsExactly<TargetInvocationException>(() => load.Invoke(null, [(Func<string, Stream?>)(name => name.Contains("npm/") ? null : new MemoryStream())]));
        Assert.IsInstanceOfType<InvalidOperationException>(problem.InnerException);
        StringAssert.Contains(problem.InnerException.Message, "install Node.js with npm and build it again");
    }

    [TestMethod]
    public void FashionMnist_TenThousandImages_IsSmallAndWrittenInTime()
    {
        var train = ml.Data.LoadFromIdx(RealData.File("fashion-mnist", "train-images-idx3-ubyte.gz"), RealData.File("fashion-mnist", "train-labels-idx1-ubyte.gz"));
        var test = ml.Data.LoadFromIdx(RealData.File("fashion-mnist", "t10k-images-idx3-ubyte.gz"), RealData.File("fashion-mnist", "t10k-labels-idx1-ubyte.gz"));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.StandardScale("Features"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions { Epochs = 1, Threads = 2 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(ml.Data.TakeRows(train, 1000));
        var watch = Stopwatch.StartNew();
        ml.MulticlassClassification.ClassReport(model.Transform(test));
        var scoring = watch.Elapsed;
        watch.Restart();
        using var file = new ReportFile(model, test, new ReportOptions { TrainingData = train });
        Console.WriteLine($"scoring {scoring.TotalSeconds:F2} s, report {watch.Elapsed.TotalSeconds:F2} s, {file.Html.Length:N0} characters");
        Assert.IsLessThan(scoring + TimeSpan.FromSeconds(10), watch.Elapsed);
        Assert.IsLessThan(5_000_000, new FileInfo(file.Path).Length);
    }

    private sealed class Truth
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Amount
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
