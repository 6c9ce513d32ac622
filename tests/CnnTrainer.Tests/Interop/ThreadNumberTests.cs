namespace CnnMlNet.Tests.Interop;

[TestClass]
public sealed class ThreadNumberTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(256, DisplayName = "as many as there may be")]
    public void Fit_NumberOfItsOwn_IsItsOwnAlone(int number)
    {
        var (exitCode, output, errors) = ProbeProcess.Run("threads", $"{number}");
        Assert.AreEqual(0, exitCode, errors);
        Assert.AreEqual($"{number} 3 3", output.Trim(), "during Fit, for a thread born meanwhile, and after: the program had said 3");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(257)]
    [DataRow(5000)]
    public void Threads_OutOfRange_IsRefusedBeforeAnythingRuns(int number) => Assert.Contains(
        $"Threads is {number}; it must be 1 to 256.",
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), Some.Options with { Threads = number })).Message);

    [TestMethod]
    [Timeout(60_000)]
    public void OnEpochEnd_WaitsForAFitOfAnotherThread_BothEnd()
    {
        CnnTransformer? inner = null;
        using var outer = Some.Trained(Some.Context(), Some.Options with
        {
            Architecture = Some.AllLayers,
            OnEpochEnd = report =>
            {
                if (report.Epoch > 1) return;
                var thread = new Thread(() => inner = Some.Trained(Some.Context(), Some.Options with { Architecture = Some.AllLayers }));
                thread.Start();
                thread.Join();
            },
        });
        using var alone = Some.Trained(Some.Context(), Some.Options with { Architecture = Some.AllLayers });
        var images = Some.Images(Some.Context());
        CollectionAssert.AreEqual(Some.FlatScores(alone.Transform(images)), Some.FlatScores(outer.Transform(images)));
        CollectionAssert.AreEqual(Some.FlatScores(alone.Transform(images)), Some.FlatScores(inner!.Transform(images)));
        inner.Dispose();
    }
}
