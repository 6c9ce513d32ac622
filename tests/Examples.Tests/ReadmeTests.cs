using System.Globalization;
using System.Text.RegularExpressions;
using CnnMlNet.Tests;

namespace Examples.Tests;

[TestClass]
public sealed class ReadmeTests
{
    private static readonly string Sources = Path.Combine(AppContext.BaseDirectory, "sources");

    [TestMethod]
    public void Readme_ProgramToPaste_IsTheQuickstart()
    {
        var program = File.ReadAllText(Path.Combine(Sources, "examples", "Quickstart", "Program.cs")).Trim();
        StringAssert.Contains(File.ReadAllText(Path.Combine(Sources, "README.md")), $"```csharp\n{program}\n```");
        Assert.IsTrue(program.Split('\n').Length <= 25, "The README promises 25 lines.");
    }

    [TestMethod]
    public void Quickstart_Run_LearnsAndSaves()
    {
        using var folder = new TempFolder();
        var output = Run("Quickstart", folder);
        for (int epoch = 1; epoch <= 5; epoch++) StringAssert.Contains(output, $"epoch {epoch}: loss ");
        Assert.IsTrue(int.Parse(Regex.Match(output, @"test accuracy: %?(\d+)").Groups[1].Value, CultureInfo.InvariantCulture) >= 85, output);
        Assert.IsTrue(new FileInfo(folder.File("temp/bars.zip")).Length > 1000);
    }

    [TestMethod]
    public void OwnModule_Run_ScoresEquallyInAnotherProcess()
    {
        using var folder = new TempFolder();
        var output = Run("OwnModule", folder);
        StringAssert.Contains(output, "attention: Module squeeze-excitation");
        Assert.IsTrue(double.Parse(Regex.Match(output, @"test accuracy: (0\.\d+)").Groups[1].Value, CultureInfo.InvariantCulture) >= 0.9, output);
        StringAssert.Contains(output, "20 scores of another process that loaded it are equal to those of this one");
        Assert.IsTrue(new FileInfo(folder.File("temp/own-module.zip")).Length > 1000);
    }

    /// <summary>Runs an example to a good end, and sees that it leaves nothing where it was started.</summary>
    private static string Run(string example, TempFolder folder)
    {
        var (work, temp) = (Directory.CreateDirectory(folder.File("work")).FullName, Directory.CreateDirectory(folder.File("temp")).FullName);
        var run = ProgramRun.Of(example, work, temp);
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.IsEmpty(Directory.GetFileSystemEntries(work), "nothing is left where it was started");
        return run.Output;
    }
}
