using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class ClassReportSnippets : Snippet, IDisposable
{
    private readonly CnnTransformer model = Fit(new CnnTrainerOptions { Epochs = 5 });
    private readonly TempFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public ClassReportSnippets() => Directory.SetCurrentDirectory(_folder.Path);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
        model.Dispose();
    }

    [TestMethod]
    public void Reporting()
    {
        var report = ml.MulticlassClassification.ClassReport(model.Transform(test));
        Console.WriteLine(report);                                               // precision, recall, F1 and support of each class, as scikit-learn prints them
        File.WriteAllText("report.json", report.ToJson());                       // everything, not rounded; ToMarkdown() for documents
        Console.WriteLine($"{report.TopKAccuracy(2)} {report.Calibration.ExpectedCalibrationError} {report.Confusion["c0", "c1"]}");
        foreach (var pair in report.MostConfused(n: 3)) Console.WriteLine($"{pair.True} taken for {pair.Predicted}: {pair.ShareOfTrue:P1} of its rows");
        Console.WriteLine(report.Bootstrap(level: 0.95).Accuracy);               // 0.9120 (0.9063 to 0.9176)

        Assert.AreEqual(ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy, report.Accuracy, 1e-12);
        Assert.IsTrue(File.Exists("report.json"));
    }
}
