using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

[TestClass]
public sealed class RandomStreamTests
{
    private const int Many = 20_000;

    /// <summary>Values that other implementations of SplitMix64 give for the same seed.</summary>
    [TestMethod]
    public void Next_KnownSeed_IsSplitMix64()
    {
        var random = new RandomStream(1234567);
        foreach (ulong expected in new ulong[] { 6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821 })
            Assert.AreEqual(expected, random.Next());
    }

    [TestMethod]
    public void Within_ManyDraws_GivesEachNumberAlike()
    {
        var random = new RandomStream(1);
        var counts = new int[5];
        for (int i = 0; i < Many; i++) counts[random.Within(2) + 2]++;
        foreach (int count in counts) Assert.AreEqual(Many / 5, count, 4 * Math.Sqrt(Many * 0.2 * 0.8));
    }

    [TestMethod]
    public void Uniform_ManyDraws_FillsTheUnitInterval()
    {
        var random = new RandomStream(2);
        var draws = Enumerable.Range(0, Many).Select(_ => random.Uniform()).ToArray();
        Assert.IsTrue(draws.All(draw => draw is >= 0 and < 1));
        Assert.AreEqual(0.5, draws.Average(), 0.01);
        Assert.AreEqual(1.0 / 12, draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.003);
    }

    /// <summary>Mean, second and fourth moment about it of Beta(a, a): 1/2, 1/(4(2a+1)), 3/(16(2a+1)(2a+3)).</summary>
    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(1.5)]
    [DataRow(100.0)]
    public void Beta_ManyDraws_HasItsMoments(double alpha)
    {
        var random = new RandomStream(3);
        var draws = Enumerable.Range(0, Many).Select(_ => random.Beta(alpha)).ToArray();
        double variance = 1 / (4 * (2 * alpha + 1)), fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        Assert.IsTrue(draws.All(draw => draw is >= 0 and <= 1));
        Assert.AreEqual(0.5, draws.Average(), 4 * Math.Sqrt(variance / Many));
        Assert.AreEqual(variance, draws.Average(draw => Math.Pow(draw - 0.5, 2)), 0.05 * variance);
        Assert.AreEqual(fourth, draws.Average(draw => Math.Pow(draw - 0.5, 4)), 0.1 * fourth);
    }

    [TestMethod]
    public void Shuffle_ManyTimes_PutsEachNumberEverywhere()
    {
        var random = new RandomStream(4);
        var order = new int[4];
        var counts = new int[4, 4];
        for (int i = 0; i < Many; i++)
        {
            random.Shuffle(order);
            CollectionAssert.AreEquivalent(new[] { 0, 1, 2, 3 }, order);
            for (int place = 0; place < 4; place++) counts[place, order[place]]++;
        }

        foreach (int count in counts) Assert.AreEqual(Many / 4, count, 4 * Math.Sqrt(Many * 0.25 * 0.75));
    }
}
