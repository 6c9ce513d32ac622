using System.Text.RegularExpressions;
using CnnMlNet.Tests;
using FashionMnist;

namespace Examples.Tests;

[TestClass]
public sealed class ProgramTests
{
    [TestMethod]
    public void BatchNormalised_GeneratedDigits_TellsTheLossAndTheAccuracyAndSaves()
    {
        using var folder = new TempFolder();
        var run = Run("BatchNormalised", folder, images: 10_250, "--epochs", "1");
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        StringAssert.Contains(run.Output, "29,034");
        var lines = Regex.Matches(run.Output, @"^Epoch: \[1/1\]; batchStep = \[(\d+)/103\]; Loss: \d\.\d{4}\.\r?$", RegexOptions.Multiline);
        CollectionAssert.AreEqual(new[] { "100", "103" }, lines.Select(line => line.Groups[1].Value).ToArray());
        StringAssert.Matches(run.Output, new Regex(@"accuracy on the 100 test images: \d+\.\d\d ?%, seed 1, trained in \d+ s"));
        Assert.IsTrue(new FileInfo(folder.File("mnist-batch-normalised.zip")).Length > 100_000);
    }

    [TestMethod]
    public void FashionMnist_GeneratedDigits_TellsEveryAccuracyTheOptionsAndSaves()
    {
        using var folder = new TempFolder();
        var run = Run("FashionMnist", folder, images: 250, "--seed", "7", "--epochs", "1");
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        foreach (var said in new[] { "seed 7", "AdamW", "label smoothing 0.1", "cutout 8", "The worst class is ", "Ankle boot" }) StringAssert.Contains(run.Output, said);
        StringAssert.Matches(run.Output, new Regex(@"test accuracy, seed 7: [01][.,]\d{4} on the first 1,000 images, [01][.,]\d{4} on all 100; trained in \d+ s"));
        Assert.IsTrue(new FileInfo(folder.File("fashion-mnist-cnn.zip")).Length > 1_000_000);
    }

    [TestMethod]
    [DataRow("--seed", "x")]
    [DataRow("--epochs", "0")]
    [DataRow("--data")]
    [DataRow("digits")]
    public void Programs_WrongCommandLine_SayHowToCallThem(params string[] arguments)
    {
        using var folder = new TempFolder();
        foreach (var program in new[] { "BatchNormalised", "FashionMnist" })
        {
            var run = ProgramRun.Of(program, folder.Path, folder.Path, arguments);
            Assert.AreEqual(2, run.ExitCode);
            StringAssert.Contains(run.Error, $"usage: {program} [--data DIR] [--seed N] [--epochs N]");
        }
    }

    [TestMethod]
    public void Programs_FolderWithoutData_SayWhatIsMissing()
    {
        using var folder = new TempFolder();
        foreach (var program in new[] { "BatchNormalised", "FashionMnist" })
        {
            var run = ProgramRun.Of(program, folder.Path, folder.Path, "--data", folder.Path);
            Assert.AreEqual(2, run.ExitCode);
            StringAssert.Contains(run.Error, $"'{folder.Path}' does not hold the data: train-images-idx3-ubyte.gz");
            StringAssert.Contains(run.Error, "Say with --data DIR where it is.");
        }
    }

    private static ProgramRun Run(string program, TempFolder folder, int images, params string[] arguments)
    {
        var data = folder.File("data");
        StrokedDigits.Create(data, seed: 1, train: images, test: 100);
        return ProgramRun.Of(program, folder.Path, folder.Path, ["--data", data, .. arguments]);
    }
}
