using CnnMlNet.Tests.Images;
using TorchSharp;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class ThreadTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Architecture = Some.AllLayers };

    [TestMethod]
    public void Threads_SetForOneTraining_AreRestored()
    {
        int before = torch.get_num_threads();
        int during = 0;
        using var model = Some.Trained(Some.Context(), Options with { Threads = before + 2, OnEpochEnd = _ => during = torch.get_num_threads() });
        Assert.AreEqual(before + 2, during);
        Assert.AreEqual(before, torch.get_num_threads());
    }

    [TestMethod]
    public void Threads_TrainingThrows_AreRestored()
    {
        int before = torch.get_num_threads();
        Assert.ThrowsExactly<FormatException>(
            () => Some.Trained(Some.Context(), Options with { Threads = before + 1, OnBatchEnd = _ => throw new FormatException() }));
        Assert.AreEqual(before, torch.get_num_threads());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void LoadingThreads_AnyNumber_GivesTheSameModel(bool bytes)
    {
        var ml = Some.Context();
        var mixed = Augmentation.Of(Augment.Rotate(10), Augment.Shift(1), Augment.Contrast(0.2), Augment.Erase(), Augment.Mixup(), Augment.CutMix());
        var data = bytes ? ByteRow.View(ml, ByteRow.Rows()) : Some.Keyed(ml);
        var options = Options with { Augmentation = mixed, DropLastBatch = true, ValidationFraction = 0.2, EarlyStopping = EarlyStopping.OnLoss() };
        using var one = new CnnTrainer(ml, options with { LoadingThreads = 1 }).Fit(data);
        foreach (int? threads in new int?[] { 2, 10, null })
        {
            using var several = new CnnTrainer(ml, options with { LoadingThreads = threads }).Fit(data);
            CollectionAssert.AreEqual(Weights.Of(one), Weights.Of(several), $"{threads} threads");
            Assert.AreEqual(one.Model.History, several.Model.History, $"{threads} threads");
        }
    }

    [TestMethod]
    public void LoadingThreads_OfACheckpoint_MayDiffer()
    {
        using var folder = new TempFolder();
        var options = Options with { Augmentation = Augmentation.Of(Augment.Rotate(10), Augment.Mixup()), LoadingThreads = 1 };
        var checkpoints = options with { Checkpoints = Checkpoints.In(folder.File("run")) };
        Some.Trained(Some.Context(), checkpoints with { Epochs = 2 }).Dispose();
        using var resumed = Some.Trained(Some.Context(), checkpoints with { LoadingThreads = 3 });
        using var uninterrupted = Some.Trained(Some.Context(), options);
        CollectionAssert.AreEqual(Weights.Of(uninterrupted), Weights.Of(resumed));
    }

    [TestMethod]
    public void Fit_SeveralThreadsAtOnce_GiveTheBitsOfEachAlone()
    {
        int[] seeds = [1, 2, 3];
        var alone = seeds.Select(Train).ToArray();
        var together = new byte[seeds.Length][];
        var threads = seeds.Select((seed, i) => new Thread(() => together[i] = Train(seed))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        for (int i = 0; i < seeds.Length; i++) CollectionAssert.AreEqual(alone[i], together[i]);
    }

    private static byte[] Train(int seed)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, Options with { Seed = seed });
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }
}
