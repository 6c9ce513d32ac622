using System.Globalization;

namespace CnnMlNet.Tests.Interop;

/// <summary>A process that ends while its other threads fit, score, save and load ends as it means to. Before, 59 of 60 ended in SIGSEGV or abort.</summary>
[TestClass]
public sealed class ProcessExitTests
{
    [TestMethod]
    [DataRow("return", DisplayName = "Main returns")]
    [DataRow("exit", DisplayName = "Environment.Exit on the main thread")]
    [DataRow("batch", DisplayName = "Environment.Exit in OnBatchEnd")]
    [DataRow("epoch", DisplayName = "Environment.Exit in OnEpochEnd")]
    [DataRow("pool", DisplayName = "Main returns, work on threads of the pool")]
    [DataRow("late", DisplayName = "ProcessExit scores")]
    public void Exit_OtherThreadsAtWork_IsClean(string how)
    {
        foreach (int milliseconds in new[] { 0, 40, 90 })
        {
            var (exitCode, _, errors) = ProbeProcess.Run("leave", how, milliseconds.ToString(CultureInfo.InvariantCulture));
            Assert.AreEqual(0, exitCode, errors);
        }
    }
}
