using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CnnMlNet.Examples;
using CnnMlNet.Tests;

namespace Examples.Tests;

/// <summary>The systems, each on a small slice of generated data, as its users run it.</summary>
[TestClass]
public sealed class ProgramTests
{
    [TestMethod]
    public void S1_GeneratedDigits_TellsBothRecipesAndSaves()
    {
        using var folder = new TempFolder();
        var run = Run("s1", folder, images: 300, test: 100, "--images", "300", "--epochs", "3");
        StringAssert.Contains(run.Output, "28,938");
        StringAssert.Matches(run.Output, new Regex(@"The lab's recipe: test accuracy [01]\.\d\d on 100 digits, [01]\.\d{4} on all"));
        Assert.AreEqual(15 + 3, Regex.Count(run.Output, @"^ *\d+/\d+ +\d\.\d{4} ", RegexOptions.Multiline), "a line an epoch, both recipes");
        AssertResult(run, "s1 accuracy", least: 0.2);
        AssertPictures(folder, "training.svg");
        Assert.IsGreaterThan(100_000, new FileInfo(folder.File("out/digits.zip")).Length);
    }

    [TestMethod]
    public void S2_GeneratedDigits_TellsEveryAccuracyAndSaves()
    {
        using var folder = new TempFolder();
        var run = Run("s2", folder, images: 250, test: 100, "--seed", "7", "--epochs", "1");
        foreach (var said in new[] { "seed 7", "AdamW", "label smoothing 0.1", "cutout 8", "The worst class is ", "Ankle boot" }) StringAssert.Contains(run.Output, said);
        StringAssert.Matches(run.Output, new Regex(@"Test accuracy, seed 7: [01]\.\d{4} on the first 1,000 images, [01]\.\d{4} on all 100; trained in \d+ s"));
        AssertResult(run, "s2 accuracy", least: 0);
        AssertPictures(folder, "classes.svg", "training.svg");
        Assert.IsGreaterThan(1_000_000, new FileInfo(folder.File("out/fashion-mnist.zip")).Length);
    }

    [TestMethod]
    public void S3_GeneratedDigits_TellsTheFirstBatchAndTheLossesByImagesSeen()
    {
        using var folder = new TempFolder();
        var run = Run("s3", folder, images: 640, test: 100, "--epochs", "2");
        foreach (var said in new[] { "8,490", "[64, 1, 28, 28]", "after       640 images", "after     1,280 images", "138,357,544", "VGG-16: one step on two images, loss " }) StringAssert.Contains(run.Output, said);
        AssertResult(run, "s3 accuracy", least: 0);
        AssertPictures(folder, "digits.svg", "losses.svg");
    }

    [TestMethod]
    public void S4_GeneratedDigits_TellsTheTableOfAllNetworksAndDrawsIt()
    {
        using var folder = new TempFolder();
        var run = Run("s4", folder, images: 300, test: 100, "--images", "300", "--epochs", "2", "--rate", "1e-5");
        StringAssert.Contains(run.Output, "2,635,146");
        string[] parameters = ["203,530", "203,530", "269,322", "215,370", "215,370", "2,635,146"];
        var rows = Regex.Matches(run.Output, @"^(?:MLP|CNN)\S* .*\S +([\d,]+) +(\S+) +([01]\.\d{4}) +\d+\.\d\r?$", RegexOptions.Multiline);
        CollectionAssert.AreEqual(parameters, rows.Select(row => row.Groups[1].Value).ToArray());
        Assert.AreEqual("1E-05", rows[^1].Groups[2].Value);
        Assert.AreEqual(rows.Skip(3).Max(row => Number(row.Groups[3])), AssertResult(run, "s4 accuracy", least: 0.1), "the best convolutional network's");
        AssertPictures(folder, "accuracy.svg");
    }

    [TestMethod]
    public void S4_Cifar10_HasDeeperPerceptronsAndColours()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("data_batch_1.bin"), CifarRecords(200));
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, "s4", "--dataset", "cifar10", "--epochs", "1", "--data", folder.Path, "--out", folder.File("out"));
        Assert.AreEqual("", run.Error);
        foreach (var said in new[] { "MLP 256-256-256, ReLU", "[256, 8, 8]", "[16384]" }) StringAssert.Contains(run.Output, said);
        AssertResult(run, "s4 accuracy", least: 0);
    }

    [TestMethod]
    public void S5_GeneratedDigits_TellsTheLossEveryHundredStepsAndSaves()
    {
        using var folder = new TempFolder();
        var run = Run("s5", folder, images: 10_250, test: 100, "--epochs", "1");
        StringAssert.Contains(run.Output, "29,034");
        var lines = Regex.Matches(run.Output, @"^Epoch: \[1/1\]; batchStep = \[(\d+)/103\]; Loss: \d\.\d{4}\.\r?$", RegexOptions.Multiline);
        CollectionAssert.AreEqual(new[] { "100", "103" }, lines.Select(line => line.Groups[1].Value).ToArray());
        StringAssert.Matches(run.Output, new Regex(@"from 20 images each: accuracy 0\.\d{4} from scratch, 0\.\d{4} with the frozen features of the other five, 0\.\d{4} fine-tuned\."));
        AssertResult(run, "s5 accuracy", least: 0.7);
        AssertPictures(folder, "filters-0.svg", "filters-4.svg", "images.svg", "predicted.svg");
        Assert.IsGreaterThan(100_000, new FileInfo(folder.File("out/network.zip")).Length);
    }

    [TestMethod]
    public void S5_Cifar10_TrainsOnColoursAndHoldsOutAFifth()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("data_batch_1.bin"), CifarRecords(500));
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, "s5", "--dataset", "cifar10", "--epochs", "8", "--data", folder.Path, "--out", folder.File("out"));
        Assert.AreEqual("", run.Error);
        foreach (var said in new[] { "a fifth held out", "34,634", "400 training rows", "ship, truck from 20 images each" }) StringAssert.Contains(run.Output, said);
        AssertResult(run, "s5 accuracy", least: 0.5);
    }

    [TestMethod]
    public void S6_GeneratedDigits_TellsEachHeadAndEachRegulariser()
    {
        using var folder = new TempFolder();
        var run = Run("s6", folder, images: 300, test: 100, "--images", "200", "--epochs", "6");
        StringAssert.Matches(run.Output, new Regex(@"ink in percent: \d+\.\d for \d+\.\d; R squared"));
        StringAssert.Matches(run.Output, new Regex(@"logit -?\d+\.\d\d, probability [01]\.\d{4}, (True|False)"));
        StringAssert.Matches(run.Output, new Regex(@"logits( -?\d+\.\d){10}\r?\n  probabilities( [01]\.\d\d){10}\r?\n  class \d; accuracy"));
        var rows = Regex.Matches(run.Output, @"^\S.* +([01]\.\d{4}) +([01]\.\d{4}) +([01]\.\d{4}) +(-?0\.\d{4}) +([1-6])\r?$", RegexOptions.Multiline);
        Assert.HasCount(7, rows);
        foreach (Match row in rows) Assert.AreEqual(Number(row.Groups[1]) - Number(row.Groups[3]), Number(row.Groups[4]), 1.5e-4, row.Value);
        Assert.AreEqual(Number(rows.MaxBy(row => Number(row.Groups[2]))!.Groups[3]), AssertResult(run, "s6 accuracy", least: 0.25), "chosen by the validation rows");
        AssertPictures(folder, "regularisers.svg");
        Assert.IsGreaterThan(500_000, new FileInfo(folder.File("out/digits.zip")).Length);
    }

    [TestMethod]
    public void S7_FewDrawnShapes_TellsEveryClassAndDrawsThem()
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, "s7", "--images", "60", "--epochs", "2", "--out", folder.File("out"));
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        foreach (var said in new[] { "117,124", "1,152,000 labelled pixels", "triangle" }) StringAssert.Contains(run.Output, said);
        AssertResult(run, "s7 mean IoU", least: 0.1);
        AssertPictures(folder, "predicted.svg", "training.svg");
        Assert.IsGreaterThan(400_000, new FileInfo(folder.File("out/shapes.zip")).Length);
    }

    [TestMethod]
    public void Seeds_Two_EndInTheMean()
    {
        using var folder = new TempFolder();
        var run = Run("s1", folder, images: 200, test: 100, "--epochs", "1", "--seeds", "2", "--seed", "5");
        double[] each = [.. Regex.Matches(run.Output, @"^seed [56]: (\S+)", RegexOptions.Multiline).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.HasCount(2, each);
        Assert.AreEqual(each.Average(), AssertResult(run, "s1 accuracy", least: 0), 1e-4);
    }

    [TestMethod]
    [DataRow(new string[0], "Which example?")]
    [DataRow(new[] { "s99" }, "There is no example 's99'.")]
    [DataRow(new[] { "s1", "--seed", "x" }, "'--seed x': it must be a whole number of at least 0.")]
    [DataRow(new[] { "s1", "--epochs", "0" }, "'--epochs 0': it must be a whole number of at least 1.")]
    [DataRow(new[] { "s1", "--data" }, "'--data' is no option, or needs a value.")]
    [DataRow(new[] { "s1", "--colour", "red" }, "'--colour' is no option of s1.")]
    [DataRow(new[] { "s5", "--dataset", "imagenet" }, "'--dataset imagenet': it must be mnist or cifar10.")]
    [DataRow(new[] { "s1", "digits" }, "'digits' is no option, or needs a value.")]
    public void Programs_WrongCommandLine_PrintTheUsageAndExitWithTwo(string[] arguments, string problem)
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, arguments);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.StartsWith(run.Error, problem);
        StringAssert.Contains(run.Error, "usage: dotnet run -c Release --project examples -- NAME [--data DIR]");
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    [DataRow("s1")]
    [DataRow("s2")]
    [DataRow("s3")]
    [DataRow("s4")]
    [DataRow("s5")]
    [DataRow("s6")]
    [DataRow("s5", "--dataset", "cifar10")]
    public void Programs_FolderWithoutData_NameItAndExitWithThree(params string[] arguments)
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, [.. arguments, "--data", folder.Path]);
        Assert.AreEqual(3, run.ExitCode);
        StringAssert.Contains(run.Error, $"'{folder.Path}' does not hold the data: {(arguments.Length > 1 ? "data_batch_1.bin" : "train-images-idx3-ubyte.gz")}");
        StringAssert.Contains(run.Error, "Say with --data DIR where ");
    }

    [TestMethod]
    public void Programs_NoFolderNamed_NameTheOneLookedIn()
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, "s1");
        Assert.AreEqual(3, run.ExitCode);
        StringAssert.Contains(run.Error, $"'{folder.Path}' does not hold the data");
    }

    /// <summary>Runs a system on generated digits to a good end; what it writes is in the folder 'out'.</summary>
    private static ProgramRun Run(string system, TempFolder folder, int images, int test, params string[] arguments)
    {
        var data = folder.File("data");
        StrokedDigits.Create(data, seed: 1, train: images, test);
        var run = ProgramRun.Of("Examples", folder.Path, folder.Path, [system, "--data", data, "--out", folder.File("out"), .. arguments]);
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        return run;
    }

    /// <summary>The pictures that there are, each with something drawn.</summary>
    private static void AssertPictures(TempFolder folder, params string[] names)
    {
        CollectionAssert.AreEqual(names, Directory.GetFiles(folder.File("out"), "*.svg").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        foreach (var name in names) Assert.IsNotEmpty(XDocument.Load(folder.File($"out/{name}")).Descendants().Where(mark => mark.Name.LocalName is "path" or "image" or "rect").Skip(1), name);
    }

    /// <summary>Records of CIFAR-10 whose class is a shade of red, easily learned.</summary>
    private static byte[] CifarRecords(int count)
    {
        var random = new Random(1);
        var file = new byte[count * 3073];
        for (int i = 0; i < count; i++)
        {
            var record = file.AsSpan(i * 3073, 3073);
            random.NextBytes(record);
            record[0] = (byte)(i % 10);
            record[1..1025].Fill((byte)(25 * record[0]));
        }

        return file;
    }

    private static double Number(Group found) => double.Parse(found.Value, CultureInfo.InvariantCulture);

    /// <summary>The last line, and its number, which must be in range.</summary>
    private static double AssertResult(ProgramRun run, string name, double least)
    {
        var last = run.Output.TrimEnd().Split('\n')[^1].Trim();
        var match = Regex.Match(last, $@"^{name}: ([01]\.\d{{4}})$");
        Assert.IsTrue(match.Success, $"the last line is '{last}'");
        double value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.IsTrue(value >= least && value <= 1, last);
        return value;
    }
}
