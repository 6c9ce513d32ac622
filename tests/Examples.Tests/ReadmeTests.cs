using System.Diagnostics;
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
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Quickstart.dll")])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        Assert.AreEqual("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
        Assert.IsTrue(int.Parse(output["accuracy: ".Length..].Split('.')[0], null) >= 85, output);
        Assert.IsTrue(new FileInfo(Path.Combine(folder.Path, "bars.zip")).Length > 1000);
    }
}
