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

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_FolderLargerThanImageMemory_StaysWithinIt()
    {
        const int Files = 500, Images = 71, Limit = 16, Rest = 24;   // megabytes: images, what may be in memory, batches and the runtime
        var (exitCode, output, errors) = ProbeProcess.Run("folder-memory", Files.ToString(CultureInfo.InvariantCulture), Limit.ToString(CultureInfo.InvariantCulture));
        Assert.AreEqual(0, exitCode, errors);
        int[] peaks = [.. output.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        Assert.IsTrue(peaks[0] < Limit + Rest && peaks[1] is > Images - Rest and < Images + Rest, $"MB with and without a limit: {output}");
    }
}
