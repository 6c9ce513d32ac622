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
