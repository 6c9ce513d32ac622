using System.Reflection;
using System.Text.RegularExpressions;
using CnnMlNet.Tests;

namespace Examples.Tests;

[TestClass]
public sealed class ModelBuilderTests
{
    private static readonly string Root = typeof(ModelBuilderTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Root").Value!;

    [TestMethod]
    public void ModelBuilder_OneFile_TrainsEvaluatesSavesAndConsumes()
    {
        using var folder = new TempFolder();
        var run = ProgramRun.OfDotnet(folder.Path, folder.Path, "run", "-c", "Release", "--file", Path.Combine(Root, "examples", "ModelBuilder", "ModelBuilder.cs"));
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        StringAssert.Contains(run.Output, "Epoch 4: loss ");
        StringAssert.Matches(run.Output, new Regex(@"Micro accuracy (1\.0000|0\.9\d{3}), macro accuracy "));
        StringAssert.Matches(run.Output, new Regex(@"One image of '(?<label>\w+)':\s+\k<label> +(1\.0000|0\.9\d{3})"));
        Assert.IsGreaterThan(50_000, new FileInfo(folder.File("DigitModel.mlnet")).Length);
    }
}
