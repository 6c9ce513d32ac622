using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class SplitSnippets : Snippet
{
    private static readonly TempFolder Temp = new();

    private static string folder => Temp.Path;

    private static IDataView photos { get; } = Some.View(ml, Some.Rows().Index().Select(row =>
        new Photo { Features = row.Item.Features, Label = row.Item.Label, Person = $"p{row.Index % 12}" }).ToList());

    [ClassCleanup]
    public static void Remove() => Temp.Dispose();

    [ClassInitialize]
    public static void Make(TestContext context)
    {
        foreach (var name in new[] { "cats/1.jpg", "dogs/old/7.png", "dogs/notes.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Temp.File(name))!);
            File.WriteAllBytes(Temp.File(name), []);
        }
    }

    [TestMethod]
    public void Folder()
    {
        var files = ml.Data.LoadImageFolder(folder);                             // cats/1.jpg, dogs/old/7.png: ImagePath and Label
        Console.WriteLine(files);                                                // 12 images of 3 classes; left out: 1 hidden, ...

        Assert.AreEqual((2, 1), (files.Count, files.SkippedTypes));
    }

    [TestMethod]
    public void Splits()
    {
        var split = ml.Data.StratifiedTrainTestSplit(photos, testFraction: 0.2);                     // the same share of each class
        split = ml.Data.GroupedTrainTestSplit(photos, "Person", testFraction: 0.2);                  // nobody on both sides
        split = ml.Data.StratifiedTrainTestSplit(photos, 0.2, groupColumnName: "Person");            // both
        var folds = ml.Data.GroupedFolds(photos, "Person", folds: 3);                                // StratifiedFolds takes a group column too

        Assert.IsEmpty(split.TrainSet.GetColumn<string>("Person").Intersect(split.TestSet.GetColumn<string>("Person")));
        Assert.HasCount(3, folds);
    }

    [TestMethod]
    public void Duplicates()
    {
        var split = ml.Data.GroupedTrainTestSplit(photos, "Person", testFraction: 0.2);

        var report = ml.Data.FindDuplicates(split.TrainSet, split.TestSet);      // equal, and near-equal by a perceptual hash
        Console.WriteLine(report);                                               // counts, then pairs of rows

        Assert.AreEqual(0, report.EqualTestRows);
    }

    private sealed class Photo
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public string Person { get; set; } = "";
    }
}
