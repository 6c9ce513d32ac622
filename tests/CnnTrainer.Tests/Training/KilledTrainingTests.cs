namespace CnnMlNet.Tests.Training;

/// <summary>A training whose process is killed (SIGKILL on Linux) wherever it happens to be, mostly while a checkpoint is written, and started again.</summary>
[TestClass]
public sealed class KilledTrainingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("adam", 4)]
    [DataRow("sgd", 2)]
    public void Process_KilledAgainAndAgain_EndsWithTheBitsOfOneNeverKilled(string optimizer, int kills)
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        string run = _folder.File("run"), resumed = _folder.File("resumed.json"), expected = _folder.File("expected.json");
        var uninterrupted = Task.Run(() => ProbeProcess.Run("train", _folder.File("other run"), optimizer, expected));
        Directory.CreateDirectory(run);
        string[] strangers = [".epoch-notes.tmp", "epoch-9999999-batch-999999999.checkpoint.bak", "epoch-zz.checkpoint", "epoch-1-batch-2.checkpoint", "notes.txt"];
        foreach (var name in strangers) File.WriteAllText(Path.Combine(run, name), "another program's");
        File.WriteAllText(Path.Combine(run, ".epoch-0000001-batch-000000002.checkpoint.abc.tmp"), "of a run that was killed");

        var places = new List<string>();
        for (int kill = 1; kill <= kills; kill++) places.Add(Kill(run, optimizer, resumed, batches: random.Next(2, 120 / kills), TimeSpan.FromMilliseconds(5 * random.NextDouble())));
        var (exitCode, output, errors) = ProbeProcess.Run("train", run, optimizer, resumed);
        Assert.AreEqual(0, exitCode, errors);
        Assert.AreEqual(0, uninterrupted.Result.ExitCode, uninterrupted.Result.Errors);

        var place = $"seed {seed}, killed after {string.Join(", ", places)}";
        Assert.AreEqual(File.ReadAllText(expected), File.ReadAllText(resumed), place);
        Assert.IsLessThan(Lines(uninterrupted.Result.Output), Lines(output), $"it went on and did not begin anew: {place}");
        var left = Directory.GetFileSystemEntries(run).Select(path => Path.GetFileName(path)).Except(strangers).Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(new[] { "epoch-0000011-batch-000000009.checkpoint", "epoch-0000012-batch-000000000.checkpoint" }, left, place);
        foreach (var name in strangers) Assert.AreEqual("another program's", File.ReadAllText(Path.Combine(run, name)), name);
    }

    /// <summary>Starts a training and kills it some time after some batches.</summary>
    /// <returns>The last batch that it told of.</returns>
    private static string Kill(string run, string optimizer, string output, int batches, TimeSpan after)
    {
        using var process = ProbeProcess.Start("train", run, optimizer, output);
        var errors = process.StandardError.ReadToEndAsync();
        string? last = null;
        for (int batch = 0; batch < batches && process.StandardOutput.ReadLine() is { } line; batch++) last = line;
        Thread.Sleep(after);
        process.Kill();
        process.WaitForExit();
        Assert.AreEqual("", errors.Result);
        Assert.IsFalse(File.Exists(output), "it was killed before its end");
        Assert.IsLessThanOrEqualTo(1, Directory.GetFiles(run, ".epoch-0*.tmp").Length, "what was half written before is gone");
        return last!;
    }

    private static int Lines(string text) => text.Count(c => c == '\n');
}
