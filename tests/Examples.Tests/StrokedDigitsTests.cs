using CnnMlNet.Tests;
using CnnMlNet.Examples;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests;

[TestClass]
public sealed class StrokedDigitsTests
{
    [TestMethod]
    public void Create_SameSeed_GivesTheSameFilesAndOtherSeedsOthers()
    {
        using var folder = new TempFolder();
        var files = new[] { 1, 1, 2 }.Select((seed, i) => File.ReadAllBytes(StrokedDigits.Create(Path.Combine(folder.Path, $"{i}"), seed).TestImages)).ToList();
        CollectionAssert.AreEqual(files[0], files[1]);
        CollectionAssert.AreNotEqual(files[0], files[2]);
    }

    [TestMethod]
    public void Create_Files_AreReadAsTenThousandAndAThousandDigits()
    {
        using var folder = new TempFolder();
        var data = StrokedDigits.Create(folder.Path, seed: 1);
        var ml = new MLContext();
        Assert.AreEqual(10_000, ml.Data.LoadFromIdx(data.TrainImages, data.TrainLabels).GetRowCount());
        var test = ml.Data.LoadFromIdx(data.TestImages, data.TestLabels);
        var labels = test.GetColumn<string>("Label").GroupBy(label => label).ToDictionary(group => group.Key, group => group.Count());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).Select(digit => $"{digit}").ToList(), labels.Keys);
        Assert.AreEqual(1_000, labels.Values.Sum());
        Assert.IsTrue(labels.Values.Min() > 60, "each digit has its share");
        foreach (var image in test.GetColumn<float[]>("Features").Take(50))
        {
            int ink = image.Count(pixel => pixel > 128);
            Assert.IsTrue(ink is > 15 and < 300, $"{ink} of 784 pixels are ink");
        }
    }
}
