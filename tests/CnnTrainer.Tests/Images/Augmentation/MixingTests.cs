using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

/// <summary>Images of a batch mixed with each other.</summary>
[TestClass]
public sealed class MixingTests
{
    private static readonly Raster Raster = new(2, 6, 5, ChannelsLast: true);

    [TestMethod]
    [DataRow(2)]
    [DataRow(7)]
    public void Mixup_Batch_IsASumOfItselfAndAnother(int count)
    {
        foreach (var (images, mixed) in Batches(Augmentation.Of(Augment.Mixup(1)), count, 50))
        {
            float share = AssertOneShare(mixed, count);
            for (int i = 0; i < count; i++)
            {
                var (own, other) = (Image(i), Image((int)mixed.Others[i]));
                for (int k = 0; k < Raster.Size; k++) Assert.AreEqual(share * own[k] + (1 - share) * other[k], images[i][k], 1e-4);
            }
        }
    }

    [TestMethod]
    [DataRow(2, true)]
    [DataRow(7, true)]
    [DataRow(7, false)]
    public void CutMix_Batch_HasTheExactShareOfTheArea(int count, bool channelsLast)
    {
        var raster = Raster with { ChannelsLast = channelsLast };
        var areas = new HashSet<int>();
        foreach (var (images, mixed) in Batches(Augmentation.Of(Augment.CutMix()), count, 100, raster))
        {
            float share = AssertOneShare(mixed, count);
            for (int i = 0; i < count; i++)
            {
                var (own, other) = (Image(i), Image((int)mixed.Others[i]));
                for (int k = 0; k < Raster.Size; k++) Assert.IsTrue(images[i][k] == own[k] || images[i][k] == other[k]);
                Assert.AreEqual(share, images[i].Where((value, k) => value == own[k]).Count() / (float)Raster.Size, 1e-6);
            }

            areas.Add((int)Math.Round((1 - share) * 30));
        }

        Assert.IsTrue(areas.Contains(0) && areas.Max() >= 16 && areas.Count > 6, string.Join(' ', areas));
    }

    [TestMethod]
    public void Mixing_BothKinds_AreDrawnByBatch()
    {
        var both = Augmentation.Of(Augment.Mixup(1), Augment.CutMix());
        int cut = Batches(both, 4, 400).Count(batch => batch.Images[0].Zip(Image(0)).Any(pair => pair.First == pair.Second));
        Assert.AreEqual(200, cut, 50);
    }

    [TestMethod]
    public void Mixing_SomeOfTheBatches_LeavesTheOthersAlone()
    {
        int mixed = 0;
        var augmenter = new Augmenter(Augmentation.Of(Augment.Mixup(1, probability: 0.25)), Raster, bytes: false);
        for (int batch = 0; batch < 400; batch++)
        {
            var images = Enumerable.Range(0, 3).Select(Image).ToArray();
            if (augmenter.MixBatch(i => images[i], 3, RandomStream.Scramble((ulong)batch)) is not null) mixed++;
            else CollectionAssert.AreEqual(Image(1), images[1]);
        }

        Assert.AreEqual(100, mixed, 35);
    }

    [TestMethod]
    public void Mixing_OneImage_IsLeftAlone()
    {
        var image = Image(0);
        Assert.IsNull(new Augmenter(Augmentation.Of(Augment.Mixup(1)), Raster, bytes: false).MixBatch(_ => image, 1, 5));
        CollectionAssert.AreEqual(Image(0), image);
    }

    [TestMethod]
    public void Mixing_SameSeed_IsTheSame()
    {
        var (first, again, other) = (One(9), One(9), One(10));
        CollectionAssert.AreEqual(first.Others, again.Others);
        CollectionAssert.AreEqual(first.Share, again.Share);
        Assert.AreNotEqual(first.Share[0], other.Share[0]);

        static MixedBatch One(ulong seed)
        {
            var images = Enumerable.Range(0, 5).Select(Image).ToArray();
            return new Augmenter(Augmentation.Of(Augment.Mixup()), Raster, bytes: false).MixBatch(i => images[i], 5, seed)!;
        }
    }

    private static float AssertOneShare(MixedBatch mixed, int count)
    {
        CollectionAssert.AreEquivalent(Enumerable.Range(0, count).Select(i => (long)i).ToArray(), mixed.Others, "each goes to one other");
        Assert.IsFalse(mixed.Others.Where((other, i) => other == i).Any(), "none to itself");
        Assert.HasCount(count, mixed.Share);
        Assert.IsTrue(mixed.Share.All(share => share == mixed.Share[0] && share is >= 0 and <= 1));
        return mixed.Share[0];
    }

    private static IEnumerable<(float[][] Images, MixedBatch Mixed)> Batches(Augmentation augmentation, int count, int batches, Raster? raster = null)
    {
        var augmenter = new Augmenter(augmentation, raster ?? Raster, bytes: false);
        for (int batch = 0; batch < batches; batch++)
        {
            var images = Enumerable.Range(0, count).Select(Image).ToArray();
            yield return (images, augmenter.MixBatch(i => images[i], count, RandomStream.Scramble((ulong)batch))!);
        }
    }

    private static float[] Image(int i) => [.. Enumerable.Range(0, Raster.Size).Select(k => 100f * (i + 1) + k)];
}
