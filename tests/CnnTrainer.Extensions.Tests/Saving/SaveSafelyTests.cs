using System.Runtime.Versioning;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Saving;

[TestClass]
public sealed class SaveSafelyTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TempFolder _folder = new();

    public SaveSafelyTests() => Path = _folder.File("model.zip");

    private string Path { get; }

    public void Dispose() => _folder.Dispose();

    [EachCulture]
    public void SaveSafely_NewFile_LoadsAsWhatWasSaved()
    {
        var scaler = Scaler(seed: 1);

        _ml.Model.SaveSafely(scaler, Some.Images(_ml).Schema, Path);

        var loaded = (StandardScalingTransformer)_ml.Model.Load(Path, out var schema);
        CollectionAssert.AreEqual(scaler.Means.ToArray(), loaded.Means.ToArray());
        Assert.AreEqual(Some.Images(_ml).Schema["Features"].Type, schema["Features"].Type);
        Assert.AreEqual(Path, Directory.GetFiles(_folder.Path).Single());
    }

    [TestMethod]
    public void SaveSafely_OverAnotherModel_ReplacesIt()
    {
        _ml.Model.SaveSafely(Scaler(seed: 1), null, Path);
        var second = Scaler(seed: 2);

        _ml.Model.SaveSafely(second, null, Path);

        CollectionAssert.AreEqual(second.Means.ToArray(), ((StandardScalingTransformer)_ml.Model.Load(Path, out _)).Means.ToArray());
        Assert.AreEqual(Path, Directory.GetFiles(_folder.Path).Single());
    }

    [TestMethod]
    public void SaveSafely_ModelThatFailsInTheMiddle_LeavesTheOldFileAlone()
    {
        _ml.Model.SaveSafely(Scaler(seed: 1), null, Path);
        var before = File.ReadAllBytes(Path);
        var failing = new TransformerChain<ITransformer>(Scaler(seed: 2), new Failing(new InvalidOperationException("not today")));

        var error = Assert.Throws<Exception>(() => _ml.Model.SaveSafely(failing, null, Path));

        StringAssert.Contains(error.GetBaseException().Message, "not today");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path));
        Assert.AreEqual(Path, Directory.GetFiles(_folder.Path).Single(), "no stray file");
        Assert.Throws<Exception>(() => _ml.Model.Save(failing, null, Path));
        CollectionAssert.AreNotEqual(before, File.ReadAllBytes(Path), "ML.NET's own Save has lost it");
    }

    [EachCulture]
    public void SaveSafely_FileThatCannotBeWritten_SaysWhichAndThatItIsAsItWas()
    {
        _ml.Model.SaveSafely(Scaler(seed: 1), null, Path);
        var failing = new TransformerChain<ITransformer>(Scaler(seed: 2), new Failing(new IOException("No space left on device")));

        var error = Assert.ThrowsExactly<IOException>(() => _ml.Model.SaveSafely(failing, null, Path));

        Assert.AreEqual($"The model was not saved to '{Path}', which is as it was before: No space left on device", error.Message);
    }

    [TestMethod]
    public void SaveSafely_TargetThatIsAFolderOrInNone_IsOneIOException()
    {
        Directory.CreateDirectory(_folder.File("folder"));

        foreach (var path in new[] { _folder.File("folder"), System.IO.Path.Combine(_folder.Path, "none", "model.zip") })
        {
            var error = Assert.ThrowsExactly<IOException>(() => _ml.Model.SaveSafely(Scaler(seed: 1), null, path));
            StringAssert.StartsWith(error.Message, $"The model was not saved to '{path}', which is as it was before: ");
        }

        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void SaveSafely_NoPathOrNoModel_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Model.SaveSafely(Scaler(seed: 1), null, " "));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Model.SaveSafely(null!, null, Path));
        Assert.ThrowsExactly<ArgumentNullException>(() => SafeSaveCatalog.SaveSafely(null!, Scaler(seed: 1), null, Path));
    }

    [TestMethod]
    public void SaveSafely_PathWithoutAFolder_IsInTheCurrentOne()
    {
        var before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(_folder.Path);
            _ml.Model.SaveSafely(Scaler(seed: 1), null, "model.zip");
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        Assert.IsNotNull(_ml.Model.Load(Path, out _));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void SaveSafely_ThroughALink_ReplacesWhatItPointsToAndKeepsPermissions()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        var link = _folder.File("link.zip");
        File.WriteAllText(Path, "old");
        File.SetUnixFileMode(Path, Mode);
        File.CreateSymbolicLink(link, "model.zip");

        _ml.Model.SaveSafely(Scaler(seed: 1), null, link);

        Assert.IsNotNull(_ml.Model.Load(Path, out _));
        Assert.AreEqual("model.zip", new FileInfo(link).LinkTarget);
        Assert.AreEqual(Mode, File.GetUnixFileMode(Path));
    }

    [TestMethod]
    public void SaveSafely_SeveralAtATime_LeaveOneWholeModel()
    {
        var scalers = Enumerable.Range(0, 4).Select(seed => Scaler(seed)).ToArray();
        _ml.Model.SaveSafely(scalers[0], null, Path);

        Parallel.ForEach(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var ml = new MLContext(1);
            _ = ml.Transforms.StandardScale("Features");
            ml.Model.SaveSafely(scalers[i % 4], null, Path);
            var seen = ((StandardScalingTransformer)ml.Model.Load(Path, out _)).Means;
            Assert.IsTrue(scalers.Any(scaler => scaler.Means.SequenceEqual(seen)), "half of one and half of another");
        });

        Assert.AreEqual(Path, Directory.GetFiles(_folder.Path).Single());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void SaveSafely_DiskThatIsFull_LeavesTheOldFileAlone()
    {
        _ml.Model.SaveSafely(Scaler(seed: 1), null, Path);
        var before = File.ReadAllBytes(Path);

        // A limit on the size of files: writing beyond it fails as on a full disk. The runtime's own mapped code counts, too, but for the variable.
        var (exitCode, _, errors) = ProbeProcess.RunAfter("ulimit -f 1000; trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0", "save", Path, "1");

        Assert.AreEqual(3, exitCode, errors);
        StringAssert.Contains(errors, $"The model was not saved to '{Path}', which is as it was before: ");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path));
        Assert.AreEqual(Path, Directory.GetFiles(_folder.Path).Single(), "no stray file");
    }

    [TestMethod]
    public void SaveSafely_ProcessThatIsKilled_LeavesAWholeModel()
    {
        _ml.Model.SaveSafely(Scaler(seed: 1), null, Path);
        var random = new Random(1);
        for (int round = 0; round < 6; round++)
        {
            using var process = ProbeProcess.Start("save", Path, "1000");
            Assert.AreEqual("saved", process.StandardOutput.ReadLine(), process.HasExited ? process.StandardError.ReadToEnd() : "");
            Thread.Sleep(random.Next(200));
            Assert.IsFalse(process.HasExited, "still saving");
            process.Kill();
            process.WaitForExit();

            var loaded = (StandardScalingTransformer)_ml.Model.Load(Path, out _);
            Assert.HasCount(200_000, loaded.Means);
        }
    }

    private StandardScalingTransformer Scaler(int seed) => _ml.Transforms.StandardScale("Features").Fit(Some.Images(_ml, rows: 4, seed: seed));

    /// <summary>A part of a pipeline whose bytes cannot be had.</summary>
    private sealed class Failing(Exception error) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw error;
    }
}
