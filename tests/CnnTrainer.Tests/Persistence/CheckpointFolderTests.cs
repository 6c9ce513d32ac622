using System.Text.Json.Nodes;
using CnnMlNet.Persistence.Format;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Folders and files that no training left as they are.</summary>
[TestClass]
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly MLContext _ml = Some.Context();
    private readonly TempFolder _folder = new();

    private CnnTrainerOptions Options => Some.Options with { Checkpoints = Checkpoints.In(_folder.File("run")), ValidationFraction = 0.2 };

    public static IEnumerable<object[]> Forgeries =>
    [
        ["epoch", "-1"], ["epoch", "-2147483648"], ["epoch", "1000000000"], ["batch", "-1"], ["batch", "4"], ["batch", "1"], ["rows", "0"], ["rows", "-5"], ["steps", "0"], ["steps", "-1"],
        ["seconds", "-1"], ["seconds", "null"], ["sums", "null"], ["reports", "[]"], ["reports", "null"], ["reports", "[null, null, null]"], ["batchLosses", "[]"], ["batchLosses", "null"],
        ["bestEpoch", "-1"], ["bestEpoch", "4"], ["bestEpoch", "0"], ["schedule", "[1]"], ["schedule", "null"], ["unknown", "1"],
    ];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Forgeries))]
    public void Progress_ThatNoRunHas_IsAnErrorThatNamesTheFile(string name, string value)
    {
        Some.Trained(_ml, Options).Dispose();
        var file = Directory.GetFiles(_folder.File("run")).Order().Last();
        File.WriteAllBytes(file, Forged(File.ReadAllBytes(file), run => run["progress"]![name] = JsonNode.Parse(value)));
        foreach (var older in Directory.GetFiles(_folder.File("run")).Where(other => other != file)) File.Delete(older);
        long before = Tensor.TotalCount, miscounted = Training.LeakTests.Miscounted(Some.Network, 3);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Some.Trained(_ml, Options));
        StringAssert.Contains(error.Message, file);
        Assert.IsTrue(Tensor.TotalCount == before + miscounted || Tensor.TotalCount == before + 2 * miscounted, "nothing is left");
        Assert.IsFalse(File.Exists(_folder.File("run/.lock")), "the folder is free again");
    }

    [TestMethod]
    public void File_CutOffAnywhere_IsAnErrorThatNamesTheFolder()
    {
        Some.Trained(_ml, Options with { Checkpoints = Checkpoints.In(_folder.File("run"), keep: 1) }).Dispose();
        var file = Directory.GetFiles(_folder.File("run")).Single();
        var bytes = File.ReadAllBytes(file);
        for (int length = 0; length < bytes.Length; length += 331)
        {
            File.WriteAllBytes(file, bytes[..length]);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Some.Trained(_ml, Options)).Message, file, $"{length} bytes");
        }
    }

    [TestMethod]
    public void File_GoneWhileRowsAreRead_IsAnErrorThatNamesIt()
    {
        string? newest = null;
        var data = Some.View(_ml, Some.Rows().Select(row => Deleting(row, newest)));
        var options = Options with { Head = Head.Binary() };
        new CnnTrainer(_ml, options).Fit(data).Dispose();
        newest = Directory.GetFiles(_folder.File("run")).Order().Last();
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => new CnnTrainer(_ml, options).Fit(data));
        StringAssert.Contains(error.Message, newest);
    }

    [TestMethod]
    public void Folder_ThatIsAFile_IsAnErrorThatNamesIt()
    {
        File.WriteAllText(_folder.File("run"), "mine");
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => Some.Trained(_ml, Options)).Message, _folder.File("run"));
        Assert.AreEqual("mine", File.ReadAllText(_folder.File("run")));
    }

    [TestMethod]
    public void Folder_OfARunningTraining_IsRefusedToAnother()
    {
        string message = "";
        using var model = Some.Trained(_ml, Options with
        {
            OnEpochEnd = report => message = report.Epoch == 2 ? Assert.ThrowsExactly<IOException>(() => Some.Trained(_ml, Options with { Seed = 9 })).Message : message,
        });
        StringAssert.Contains(message, _folder.File("run"));
        StringAssert.Contains(message, "give each training a folder of its own");
        using var alone = Some.Trained(_ml, Options with { Checkpoints = null });
        CollectionAssert.AreEqual(Weights.Of(alone), Weights.Of(model));
        Assert.HasCount(2, Directory.GetFileSystemEntries(_folder.File("run")));
    }

    [TestMethod]
    public void Folder_ThatIsALink_IsUsed()
    {
        Directory.CreateDirectory(_folder.File("far"));
        Directory.CreateSymbolicLink(_folder.File("run"), _folder.File("far"));
        Some.Trained(_ml, Options).Dispose();
        int batches = 0;
        Some.Trained(_ml, Options with { OnBatchEnd = _ => batches++ }).Dispose();
        Assert.AreEqual(0, batches);
        Assert.HasCount(2, Directory.GetFiles(_folder.File("far")));
    }

    [TestMethod]
    public void Epochs_FewerThanAreDone_IsAnErrorThatSaysWhatToDo()
    {
        Some.Trained(_ml, Options).Dispose();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Options with { Epochs = 2 }));
        StringAssert.Contains(error.Message, "is 3 epochs and 0 batches on, beyond the 2 that Epochs says");
        StringAssert.Contains(error.Message, "resume: false");
        using var anew = Some.Trained(_ml, Options with { Epochs = 2, Checkpoints = Checkpoints.In(_folder.File("run"), resume: false) });
        Assert.HasCount(2, anew.Model.History.Epochs);
    }

    [TestMethod]
    public void Epochs_OthersUnderAScheduleOverAllOfThem_AreAnotherTraining()
    {
        foreach (var schedule in new[] { Schedule.OneCycle(), Schedule.Cosine().WithWarmUp(1) })
        {
            var options = Options with { Schedule = schedule, Checkpoints = Checkpoints.In(_folder.File(schedule.GetType().Name)) };
            Some.Trained(_ml, options).Dispose();
            StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options with { Epochs = 4 })).Message, "epochs: 3 there, 4 now");
        }
    }

    /// <summary>Squares of gradients beyond a float are infinite in what Adagrad remembers; the weights are numbers all the same.</summary>
    [TestMethod]
    public void Resume_OfAnOptimizerThatRemembersInfinity_GoesOn()
    {
        var rows = Heads.Brightness.Rows(8, scale: 1e18f, shift: 1.2e19f);
        var options = Options with { Head = Head.Regression(standardize: false), ValidationFraction = 0, BatchSize = 1, Optimizer = Optimizer.Adagrad() };
        using var uninterrupted = new CnnTrainer(_ml, options with { Checkpoints = null, Epochs = 5 }).Fit(Heads.Brightness.View(_ml, rows));
        new CnnTrainer(_ml, options).Fit(Heads.Brightness.View(_ml, rows)).Dispose();
        using var resumed = new CnnTrainer(_ml, options with { Epochs = 5 }).Fit(Heads.Brightness.View(_ml, rows));
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
    }

    private static Heads.YesOrNo Deleting(ImageRow row, string? file)
    {
        if (file is not null) File.Delete(file);
        return new Heads.YesOrNo { Features = row.Features, Label = row.Label == "c1" };
    }

    /// <summary>The same file with other numbers and checksums that fit.</summary>
    private static byte[] Forged(byte[] file, Action<JsonNode> change)
    {
        using var reader = new BinaryReader(new MemoryStream(file));
        ChunkReader.Open(reader, file.AsSpan(0, 8));
        var chunks = new ChunkReader(reader, 12);
        using var result = new MemoryStream();
        var writer = new ChunkWriter(new BinaryWriter(result), file.AsSpan(0, 8));
        while (chunks.Next() is { } name)
        {
            var payload = chunks.Bytes();
            chunks.Close();
            if (name == "run")
            {
                var run = JsonNode.Parse(payload)!;
                change(run);
                payload = System.Text.Encoding.UTF8.GetBytes(run.ToJsonString());
            }

            writer.Write(new Chunk(name, chunks.Version, chunks.IsCritical, payload));
        }

        writer.End();
        return result.ToArray();
    }
}
