using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Duplicates;

[TestClass]
public sealed class FindDuplicatesTests
{
    private static readonly ImageShape Shape = new(3, 24, 32);

    private readonly MLContext _ml = new(1);

    private sealed class Row<T>
    {
        public T[] Features { get; set; } = [];
    }

    [EachCulture]
    public void Find_PlantedCopies_AreFoundAndOthersAreNot()
    {
        var train = Photographs(200, seed: 1);
        var test = Photographs(60, seed: 2);
        test[5] = train[120];                                                    // equal
        test[9] = [.. train[17].Select(value => 0.8f * value + 30)];             // other brightness and contrast
        test[30] = Noisy(train[40]);                                             // as compressed again
        test[31] = test[30];

        var report = _ml.Data.FindDuplicates(View(train), View(test));

        Assert.AreEqual((200, 60, 1L, 3L, 1, 3), (report.TrainRows, report.TestRows, report.EqualPairs, report.NearPairs, report.EqualTestRows, report.NearTestRows));
        CollectionAssert.AreEquivalent(
            new[] { (120, 5, true), (17, 9, false), (40, 30, false), (40, 31, false) }, report.Pairs.Select(pair => (pair.TrainRow, pair.TestRow, pair.IsEqual)).ToArray());
        Assert.AreEqual((120, 0), (report.Pairs[0].TrainRow, report.Pairs[0].Distance), "equal ones first");
        CollectionAssert.AreEqual(report.Pairs.Select(pair => pair.Distance).Order().ToArray(), report.Pairs.Select(pair => pair.Distance).ToArray());
        Assert.AreEqual(
            "60 test rows against 200 training rows, column 'Features':\n1 test rows have an equal training row (1 pairs).\n" +
            "3 others have a near-equal one, at most 3 bits of 64 apart (3 pairs).\n  training row 120, test row 5: equal\n" +
            string.Join('\n', report.Pairs.Skip(1).Select(pair => $"  training row {pair.TrainRow}, test row {pair.TestRow}: distance {pair.Distance}")), report.ToString());
    }

    [TestMethod]
    public void Find_Bytes_AsSingles()
    {
        var train = Photographs(50, seed: 1);
        var test = Photographs(20, seed: 2);
        (test[3], test[4]) = (train[7], Noisy(train[8]));

        var report = _ml.Data.FindDuplicates(Bytes(train), Bytes(test));

        CollectionAssert.AreEqual(new[] { (7, 3, true), (8, 4, false) }, report.Pairs.Select(pair => (pair.TrainRow, pair.TestRow, pair.IsEqual)).ToArray());
    }

    [TestMethod]
    public void Find_Interleaved_ComparesTheSameImages()
    {
        var train = Photographs(50, seed: 1);
        float[][] test = [Noisy(train[8])];
        var planar = _ml.Data.FindDuplicates(View(train), View(test), maxDistance: 16);

        var interleaved = _ml.Data.FindDuplicates(View([.. train.Select(ByPixel)], 24, 32, 3), View([ByPixel(test[0])], 24, 32, 3), maxDistance: 16, interleaved: true);

        CollectionAssert.AreEqual(planar.Pairs.ToArray(), interleaved.Pairs.ToArray());
        Assert.IsTrue(planar.Pairs.Any(pair => pair.TrainRow == 8));
    }

    [TestMethod]
    public void Find_DistanceByDistance_IsWhatAllPairsGive()
    {
        var train = Photographs(300, seed: 1);
        float[][] test = [.. Photographs(40, seed: 2), .. train.Take(40).Select(Noisy)];
        var all = _ml.Data.FindDuplicates(View(train), View(test), maxDistance: 16, maxPairs: int.MaxValue).Pairs;
        Assert.IsGreaterThan(39, all.Count);

        for (int distance = 0; distance < 16; distance++)
        {
            var report = _ml.Data.FindDuplicates(View(train), View(test), maxDistance: distance, maxPairs: int.MaxValue);
            CollectionAssert.AreEqual(all.Where(pair => pair.Distance <= distance).ToArray(), report.Pairs.ToArray(), $"distance {distance}");
            Assert.AreEqual(report.Pairs.Count, report.NearPairs);
        }
    }

    [TestMethod]
    public void Find_ImagesOfOneBrightness_AreComparedForEqualityAlone()
    {
        float[][] train = [Flat(0), Flat(0.1f), Flat(255)];
        float[][] test = [Flat(0.3f), Flat(255), Flat(7)];

        var report = _ml.Data.FindDuplicates(View(train), View(test));

        Assert.AreEqual((1L, 0L), (report.EqualPairs, report.NearPairs));
        Assert.AreEqual("training row 2, test row 1: equal", report.Pairs[0].ToString());
    }

    [EachCulture]
    public void Find_MorePairsThanAskedFor_CountsThemAll()
    {
        var photograph = Photographs(1, seed: 1)[0];
        var train = Enumerable.Repeat(photograph, 60).Append(Noisy(photograph)).ToArray();

        var report = _ml.Data.FindDuplicates(View(train), View([.. Enumerable.Repeat(photograph, 50)]), maxPairs: 4);

        Assert.AreEqual((3000L, 50L, 50, 0), (report.EqualPairs, report.NearPairs, report.EqualTestRows, report.NearTestRows));
        Assert.HasCount(4, report.Pairs);
        StringAssert.EndsWith(report.ToString(), "  and 3046 pairs more");
        Assert.IsEmpty(_ml.Data.FindDuplicates(View(train), View(train), maxPairs: 0).Pairs);
    }

    [TestMethod]
    public void Find_SmallerThanTheHash_Works()
    {
        float[][] train = [.. Some.Rows(30).Select(row => row.Features[..16])];

        var report = _ml.Data.FindDuplicates(View(train, 1, 4, 4), View([.. train.Take(3)], 1, 4, 4), maxDistance: 0);

        Assert.AreEqual((3, 3L), (report.EqualTestRows, report.EqualPairs));
    }

    [EachCulture]
    public void Find_Files_ComparesTheirBytes()
    {
        using var folder = new TempFolder();
        string[] names = ["a/one.png", "a/two.png", "b/three.png", "b/four.png"];
        foreach (var (index, name) in names.Index())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            File.WriteAllBytes(folder.File(name), [1, 2, (byte)(index % 3)]);
        }

        var images = _ml.Data.LoadImageFolder(folder.Path);                      // one, two, four, three
        var (train, test) = (_ml.Data.TakeRows(images, 2), _ml.Data.SkipRows(images, 2));
        var report = _ml.Data.FindDuplicates(train, test, "ImagePath");

        Assert.AreEqual("training row 0, test row 0: equal", string.Join('\n', report.Pairs));
        StringAssert.Contains(report.ToString(), "Files were compared by their bytes; near-equal ones were not looked for.");
        Assert.IsNull(report.MaxDistance);
    }

    [TestMethod]
    public void Find_WrongArguments_Throw()
    {
        var rows = View(Photographs(2, seed: 1));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FindDuplicates(rows, rows, maxDistance: 17));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FindDuplicates(rows, rows, maxDistance: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FindDuplicates(rows, rows, maxPairs: -1));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FindDuplicates(rows, rows, "Pixels")).Message, "Could not find the image column 'Pixels'.");
        var other = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FindDuplicates(rows, Bytes(Photographs(2, seed: 1))));
        StringAssert.Contains(other.Message, "make both in the same way");
    }

    [TestMethod]
    public void Find_ManyImages_DoesNotCompareAllWithAll()
    {
        const int Train = 60_000, Test = 10_000;
        var random = new Random(1);
        float[] pixels = [.. Enumerable.Range(0, 72 * 1000).Select(_ => random.NextSingle())];
        IEnumerable<Row<float>> Rows(int count, int step) => Enumerable.Range(0, count).Select(i => new Row<float> { Features = pixels.AsSpan(i * step % 71_900, 72).ToArray() });

        var watch = Stopwatch.StartNew();
        var report = _ml.Data.FindDuplicates(View(Rows(Train, 1), 1, 8, 9), View(Rows(Test, 7), 1, 8, 9), maxDistance: 3);

        Assert.IsLessThan(30, watch.Elapsed.TotalSeconds);
        Assert.IsGreaterThan(8_000, report.EqualTestRows);
    }

    /// <summary>Smooth colour pictures: a sum of a few waves, 0 to 255.</summary>
    private static float[][] Photographs(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var waves = Enumerable.Range(0, 6).Select(_ => (X: 14 * random.NextSingle() - 7, Y: 14 * random.NextSingle() - 7, Phase: 6.3f * random.NextSingle())).ToArray();
            return Enumerable.Range(0, (int)Shape.Size).Select(i =>
            {
                float x = i % Shape.Width / (float)Shape.Width, y = i / Shape.Width % Shape.Height / (float)Shape.Height, channel = i / (Shape.Width * Shape.Height);
                return MathF.Round(127 + 20 * waves.Sum(wave => MathF.Sin(wave.X * x + wave.Y * y + wave.Phase + 0.2f * channel)));
            }).ToArray();
        })];
    }

    private static float[] Noisy(float[] image)
    {
        var random = new Random(5);
        return [.. image.Select(value => Math.Clamp(value + random.Next(-4, 5), 0, 255))];
    }

    private static float[] Flat(float value) => [.. Enumerable.Repeat(value, (int)Shape.Size)];

    private static float[] ByPixel(float[] image)
    {
        int pixels = Shape.Width * Shape.Height;
        return [.. Enumerable.Range(0, image.Length).Select(i => image[i % 3 * pixels + i / 3])];
    }

    private IDataView View(float[][] images, params int[] dimensions) => View(images.Select(image => new Row<float> { Features = image }), dimensions);

    private IDataView Bytes(float[][] images) => View(images.Select(image => new Row<byte> { Features = [.. image.Select(value => (byte)value)] }));

    private IDataView View<T>(IEnumerable<Row<T>> rows, params int[] dimensions)
    {
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        var item = typeof(T) == typeof(byte) ? NumberDataViewType.Byte : NumberDataViewType.Single;
        schema["Features"].ColumnType = new VectorDataViewType(item, dimensions is [] ? [Shape.Channels, Shape.Height, Shape.Width] : dimensions);
        return _ml.Data.LoadFromEnumerable(rows, schema);
    }
}
