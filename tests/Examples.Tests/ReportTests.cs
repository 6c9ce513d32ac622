using CnnMlNet.Tests;

namespace Examples.Tests;

[TestClass]
public sealed class ReportTests
{
    [TestMethod]
    public void Report_FashionMnist_IsWritten()
    {
        var data = Environment.GetEnvironmentVariable("CNN_DATA");
        if (string.IsNullOrEmpty(data) || !File.Exists(Path.Combine(data, "fashion-mnist", "train-images-idx3-ubyte.gz"))) Assert.Inconclusive("CNN_DATA has no fashion-mnist.");
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Report", folder.Path, folder.Path, Path.GetFullPath(data), "--images", "300", "--epochs", "1");
        Assert.AreEqual("", run.Error);
        StringAssert.Contains(run.Output, "Epoch 1: loss ");
        StringAssert.Contains(File.ReadAllText(folder.File("out/report/report.html")), "Ankle boot");
    }

    [TestMethod]
    [DataRow("", 2, "usage: Report DIR")]
    [DataRow("nowhere --epochs none", 2, "usage: Report DIR")]
    [DataRow("nowhere", 3, "does not hold the data")]
    public void Report_WrongCommandLine_SaysWhat(string arguments, int exitCode, string problem)
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Report", folder.Path, folder.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.AreEqual(exitCode, run.ExitCode);
        StringAssert.Contains(run.Error, problem);
    }
}
