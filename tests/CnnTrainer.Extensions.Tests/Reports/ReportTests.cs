using System.Diagnostics;
using Microsoft.ML;

namespace CnnMlNet.Tests.Reports;

[TestClass]
public sealed class ReportTests
{
    private static readonly MLContext ml = Some.Context();

    /*Names that would be something else than text where somebody forgot to escape them.</summary>
    private static readonly string[] Hostile = ["</script><img src=x onerror=alert(1)>", "<!-- \"'& {{charts}}", "ünï\u2028 \\u003c"];*/

    [TestMethod]
    public void FashionMnist_TenThousandImages_IsSmallAndWrittenInTime()
    {
        var train = ml.Data.LoadFromIdx(RealData.File("fashion-mnist", "train-images-idx3-ubyte.gz"), RealData.File("fashion-mnist", "train-labels-idx1-ubyte.gz"));
        var test = ml.Data.LoadFromIdx(RealData.File("fashion-mnist", "t10k-images-idx3-ubyte.gz"), RealData.File("fashion-mnist", "t10k-labels-idx1-ubyte.gz"));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.StandardScale("Features"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions { Epochs = 2, ValidationFraction = 0.1, Threads = 2, BatchSize = 32 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(ml.Data.TakeRows(train, 2000));
        var watch = Stopwatch.StartNew();
        ml.MulticlassClassification.ClassReport(model.Transform(test));
        var scoring = watch.Elapsed;
        using var folder = new TempFolder();
        watch.Restart();
        ml.SaveReport(folder.File("report.html"), model, test, new ReportOptions { Title = "Fashion-MNIST", TrainingData = train });
        var all = watch.Elapsed;
        Console.WriteLine($"scoring {scoring.TotalSeconds:F2} s, report {all.TotalSeconds:F2} s, {new FileInfo(folder.File("report.html")).Length:N0} bytes");
        File.Copy(folder.File("report.html"), "/tmp/html-out/report.html", true);
        Assert.IsLessThan(5_000_000, new FileInfo(folder.File("report.html")).Length);
        Assert.IsLessThan(scoring + TimeSpan.FromSeconds(10), all);
    }
}
