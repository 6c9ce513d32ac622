using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

[TestClass]
public class ImageMemoryTests
{
    [TestMethod]
    [DataRow(0L, true)]
    [DataRow(1L << 24, true)]
    [DataRow(1L << 40, false)]
    public void Memory_AnyBudget_KeepsEveryByte(long budget, bool isMapped)
    {
        const int RowBytes = 3_000_000, Rows = 12;   // 5 rows a block
        var memory = new ImageMemory(RowBytes, null, budget);
        for (int row = 0; row < Rows; row++) memory.Add().Fill((byte)(row + 1));
        for (int row = 0; row < Rows; row++) Assert.IsFalse(memory.At(row).ContainsAnyExcept((byte)(row + 1)), $"row {row}");
        Assert.AreEqual(isMapped, memory.IsMapped);
        Assert.IsLessThanOrEqualTo(budget, memory.BytesInMemory);
        if (budget > 0) Assert.IsGreaterThan(0, memory.BytesInMemory);
        memory.Release();
    }

    [TestMethod]
    public void Options_OutOfRange_AreAllTold()
    {
        var options = Some.Options with { ImageMemory = -1, ImageResizing = (ImageResizing)9, BadImages = null!, MostImagePixels = 0 };
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), options));
        foreach (var text in new[] { "ImageMemory is -1", "ImageResizing is 9", "BadImages is null", "MostImagePixels is 0" }) StringAssert.Contains(error.Message, text);
    }

    [TestMethod]
    public void MappedFile_LivingOrDisposed_LeavesNoFile()
    {
        string path;
        using (var file = new MappedFile())
        {
            path = file.Path;
            Assert.AreNotEqual(0, file.Add(100));
            Assert.AreNotEqual(0, file.Add(100_000));
            if (!OperatingSystem.IsWindows()) Assert.IsFalse(File.Exists(path));
        }

        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    public void Fit_NoMemoryForImages_GivesTheSameWeightsFromAMappedFile()
    {
        var ml = Some.Context();
        var log = new List<string>();
        ml.Log += (_, e) => log.Add(e.Message);
        var (data, validation) = (Some.Keyed(ml), Some.Keyed(ml, 20, seed: 2));
        using var inMemory = new CnnTrainer(ml, Some.Options).Fit(data, validation);
        Assert.IsTrue(log.Exists(text => text.Contains("60 images of 0.0 MB in memory", StringComparison.Ordinal)));
        using var mapped = new CnnTrainer(ml, Some.Options with { ImageMemory = 0 }).Fit(data, validation);
        Assert.HasCount(2, log.Where(text => text.Contains("in a mapped file", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(Some.FlatScores(inMemory.Transform(data)), Some.FlatScores(mapped.Transform(data)));
        Assert.AreEqual(inMemory.Model.History, mapped.Model.History with { Epochs = inMemory.Model.History.Epochs });
    }
}
