using System.Globalization;

namespace CnnMlNet.Tests.Images;

[TestClass]
public sealed class MemoryTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_HundredMegabytesOfImages_HoldsThemOnce()
    {
        var (exitCode, output, errors) = ProbeProcess.Run("memory", "32000");
        Assert.AreEqual(0, exitCode, errors);
        double share = double.Parse(output, CultureInfo.InvariantCulture);
        Assert.IsTrue(share is > 0.9 and < 1.3, $"the peak is {output.Trim()} times the images");
    }
}
