using System.Globalization;

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
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_First_ChoosesHowThreadsWaitAndSaysSo()
    {
        var (exitCode, output, errors) = ProbeProcess.RunAfter("unset OMP_WAIT_POLICY GOMP_SPINCOUNT OPENBLAS_NUM_THREADS", "waiting");
        Assert.AreEqual(0, exitCode, errors);
        var lines = output.Trim().Split('\n');
        string[] variables = lines[^1].Split(' ');
        Assert.AreEqual("1", variables[2]);
        if (variables[0] == "PASSIVE") Assert.AreEqual("none", variables[1]);
        else Assert.IsTrue(variables[0] == "ACTIVE" && int.Parse(variables[1], CultureInfo.InvariantCulture) is >= 100 and <= 100_000, lines[^1]);
        StringAssert.Contains(lines[0], $"OMP_WAIT_POLICY={variables[0]}");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("OMP_WAIT_POLICY=active", "active none 3")]
    [DataRow("GOMP_SPINCOUNT=7", "none 7 3")]
    public void Fit_WaitingThatTheUserHasSet_Stays(string set, string expected)
    {
        var (exitCode, output, errors) = ProbeProcess.RunAfter($"unset OMP_WAIT_POLICY GOMP_SPINCOUNT; export OPENBLAS_NUM_THREADS=3 {set}", "waiting");
        Assert.AreEqual(0, exitCode, errors);
        Assert.AreEqual(expected, output.Trim().Split('\n')[^1]);
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
