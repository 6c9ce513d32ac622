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
        var program = File.ReadAllText(Path.Combine(Sources, "Program.cs")).Trim();
        StringAssert.Contains(File.ReadAllText(Path.Combine(Sources, "README.md")), $"```csharp\n{program}\n```");
        Assert.IsTrue(program.Split('\n').Length <= 25, "The README promises 25 lines.");
    }

    [TestMethod]
    public void Quickstart_Run_LearnsAndSaves()
    {
        using var folder = new TempFolder();
        var (work, temp) = (Directory.CreateDirectory(Path.Combine(folder.Path, "work")).FullName, Directory.CreateDirectory(Path.Combine(folder.Path, "temp")).FullName);
        var run = ProgramRun.Of("Quickstart", work, temp);
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        for (int epoch = 1; epoch <= 5; epoch++) StringAssert.Contains(run.Output, $"epoch {epoch}: loss ");
        Assert.IsTrue(int.Parse(Regex.Match(run.Output, @"test accuracy: %?(\d+)").Groups[1].Value, CultureInfo.InvariantCulture) >= 85, run.Output);
        Assert.IsTrue(new FileInfo(Path.Combine(temp, "bars.zip")).Length > 1000);
        Assert.IsEmpty(Directory.GetFileSystemEntries(work), "nothing is left where it was started");
    }
}
