using CnnMlNet.Tests.Idx;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Cifar10;

[TestClass]
public sealed class LoadFromCifar10Tests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EachCulture]
    [DataRow("batch.bin")]
    [DataRow("batch.bin.gz")]
    public void LoadFromCifar10_PlainOrGzip_GivesImagesAndNames(string name)
    {
        var data = _ml.Data.LoadFromCifar10(Cifar10Files.Write(_folder, name, 6, 9, 0, 3));

        Assert.AreEqual("Features Label", string.Join(' ', data.Schema.Select(column => column.Name)));
        var image = (VectorDataViewType)data.Schema["Features"].Type;
        Assert.AreEqual(NumberDataViewType.Single, image.ItemType);
        CollectionAssert.AreEqual(new[] { 3, 32, 32 }, image.Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { "frog", "truck", "airplane", "cat" }, data.GetColumn<string>("Label").ToArray());
        Assert.AreEqual(4L, data.GetRowCount());
        var rows = Rows.Read(data);
        Assert.HasCount(4, rows);
        CollectionAssert.AreEqual(Enumerable.Range(0, 3072).Select(i => (float)Cifar10Files.Pixel(9, 1, i)).ToArray(), rows[1]);
    }

    [TestMethod]
    public void LoadFromCifar10_GzipFile_KnowsItsRowsOnceItIsRead()
    {
        var (packed, plain) = (Cifar10Files.Write(_folder, "a.gz", 1, 2), Cifar10Files.Write(_folder, "b", 3));
        Assert.AreEqual(1L, _ml.Data.LoadFromCifar10(plain).GetRowCount());
        var data = _ml.Data.LoadFromCifar10(packed, plain);
        Assert.IsNull(data.GetRowCount());
        data.GetRowCursor([]).Dispose();
        Assert.AreEqual(3L, data.GetRowCount());
    }

    [TestMethod]
    public void LoadFromCifar10_SeveralFiles_FollowOneAnotherInTheOrderGiven()
    {
        string[] paths = [Cifar10Files.Write(_folder, "2.bin", 2, 2), Cifar10Files.Write(_folder, "1.bin.gz", 1, 1, 1), Cifar10Files.Write(_folder, "3.bin", 3)];

        var data = _ml.Data.LoadFromCifar10(paths);

        Assert.AreEqual("bird bird automobile automobile automobile cat", string.Join(' ', data.GetColumn<string>("Label")));
        var rows = Rows.Read(data);
        for (int row = 0; row < 6; row++)
        {
            var (label, record) = new (byte, int)[] { (2, 0), (2, 1), (1, 0), (1, 1), (1, 2), (3, 0) }[row];
            Assert.AreEqual(Cifar10Files.Pixel(label, record, 3071), rows[row][3071], $"row {row}");
        }
    }

    [TestMethod]
    public void LoadFromCifar10_Names_AreThoseGiven()
    {
        string[] names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "nine"];

        var data = _ml.Data.LoadFromCifar10([Cifar10Files.Write(_folder, "a", 9)], names, featureColumnName: "Pixels", labelColumnName: "Kind");

        Assert.AreEqual("Pixels Kind", string.Join(' ', data.Schema.Select(column => column.Name)));
        Assert.AreEqual("nine", data.GetColumn<string>("Kind").Single());
    }

    [TestMethod]
    public void LoadFromCifar10_ShuffledCursor_GivesEachRowOnceWithItsLabel()
    {
        byte[] labels = [.. Enumerable.Range(0, 10).Select(i => (byte)i)];
        var data = _ml.Data.LoadFromCifar10(Cifar10Files.Write(_folder, "a.gz", labels), Cifar10Files.Write(_folder, "b", labels));
        using var cursor = data.GetRowCursor(data.Schema, new Random(1));
        var (image, label) = (cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]), cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Label"]));
        VBuffer<float> pixels = default;
        ReadOnlyMemory<char> name = default;
        var seen = new List<(string, float)>();

        while (cursor.MoveNext())
        {
            image(ref pixels);
            label(ref name);
            seen.Add((name.ToString(), pixels.GetValues()[0]));
        }

        var expected = data.GetColumn<string>("Label").Zip(Rows.Read(data).Select(row => row[0])).ToList();
        CollectionAssert.AreEquivalent(expected, seen);
        CollectionAssert.AreNotEqual(expected, seen);
    }

    [TestMethod]
    public void LoadFromCifar10_ManyImages_StayOneByteAPixel()
    {
        const int Records = 2000;
        var path = IdxFiles.Write(_folder.File("a"), [.. Enumerable.Repeat(Cifar10Files.Bytes(5), Records).SelectMany(record => record)]);
        var data = _ml.Data.LoadFromCifar10(path);
        using var cursor = data.GetRowCursor([data.Schema["Features"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]);
        VBuffer<float> row = default;
        long before = GC.GetTotalAllocatedBytes(precise: true);

        while (cursor.MoveNext()) getter(ref row);

        Assert.IsLessThan(Records * Cifar10Files.RecordBytes + (2 << 20), GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    [TestMethod]
    public void LoadFromCifar10_InAPipeline_TrainsAndScores()
    {
        var data = _ml.Data.LoadFromCifar10(Cifar10Files.Write(_folder, "a", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions { Epochs = 1, Threads = 1 }));

        using var model = pipeline.Fit(data);

        Assert.HasCount(10, model.Transform(data).GetColumn<float[]>("Score").First());
        Assert.AreEqual(new ImageShape(3, 32, 32), model.LastTransformer.Model.ImageShape);
    }

    [EachCulture]
    [DataRow("a", 3072, 0, 3072)]
    [DataRow("a.gz", 3072, 0, 3072)]
    [DataRow("a", 3 * 3073 + 5, 9219, 5)]
    [DataRow("a.gz", 3 * 3073 + 5, 9219, 5)]
    public void LoadFromCifar10_LengthOfNoWholeRecords_SaysLengthAndRemainder(string name, int length, int offset, int remainder)
    {
        var path = IdxFiles.Write(_folder.File(name), new byte[length]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(_ml.Data.LoadFromCifar10(path)));

        Assert.AreEqual($"'{path}' has {length} bytes, but the records of CIFAR-10's binary version have 3073 each: {remainder} bytes are left over at offset {offset}.", error.Message);
        if (name == "a") Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.LoadFromCifar10(path), "a plain file is told at once");
    }

    [EachCulture]
    [DataRow("a")]
    [DataRow("a.gz")]
    public void LoadFromCifar10_LabelAboveNine_SaysFileRecordAndOffset(string name)
    {
        var good = Cifar10Files.Write(_folder, "good", 1, 2);
        var path = Cifar10Files.Write(_folder, name, 9, 8, 10, 255);
        var data = _ml.Data.LoadFromCifar10(good, path);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => data.GetColumn<string>("Label").ToArray());

        Assert.AreEqual($"'{path}' at offset 6146: record 2 has the label 10; there are the labels 0 to 9.", error.Message);
        Assert.AreEqual(error.Message, Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(data)).Message, "the second time too");
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("a.gz")]
    public void LoadFromCifar10_EmptyFile_SaysSo(string name)
    {
        var path = IdxFiles.Write(_folder.File(name), []);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(_ml.Data.LoadFromCifar10(path))).Message, $"'{path}' is empty");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(9)]
    [DataRow(200)]
    public void LoadFromCifar10_CutGzip_SaysThatItIsDamaged(int bytes)
    {
        var path = Cifar10Files.Write(_folder, "a.gz", 1, 2, 3);
        IdxFiles.Truncate(path, bytes);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(_ml.Data.LoadFromCifar10(path))).Message, $"'{path}' at offset ");
    }

    [TestMethod]
    public void LoadFromCifar10_FileThatChangedSinceItWasOpened_Fails()
    {
        var path = Cifar10Files.Write(_folder, "a", 1, 2, 3);
        var (grows, shrinks) = (_ml.Data.LoadFromCifar10(path), _ml.Data.LoadFromCifar10(path));
        Cifar10Files.Write(_folder, "a", 1, 2);
        Assert.AreEqual($"'{path}' has 2 records now; it had 3 when it was opened.", Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(shrinks)).Message);
        Cifar10Files.Write(_folder, "a", 1, 2, 3, 4);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(grows)).Message, $"'{path}' has ");
    }

    [TestMethod]
    public void LoadFromCifar10_ArgumentsThatCannotBe_AreErrors()
    {
        var path = Cifar10Files.Write(_folder, "a", 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromCifar10()).Message, "There is no path");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromCifar10(path, " "));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromCifar10([path], ["a", "b"])).Message, "There are 2 class names; CIFAR-10 has 10 classes.");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromCifar10([path], [.. Enumerable.Repeat<string>(null!, 10)]));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromCifar10([path], labelColumnName: "Features"));
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Data.LoadFromCifar10(path, path + "-not")).Message, path + "-not");
    }

    /// <summary>The first 4,000 records of the published data_batch_1.bin; labels and counts were taken with Python.</summary>
    [TestMethod]
    public void LoadFromCifar10_PublishedRecords_HaveTheirLabelsAndPixels()
    {
        var path = RealData.File("cifar10-4000", "data_batch_1_first4000.bin");
        string[] digits = [.. Enumerable.Range(0, 10).Select(digit => "" + (char)('0' + digit))];

        var data = _ml.Data.LoadFromCifar10([path], digits);

        Assert.AreEqual(4000L, data.GetRowCount());
        var labels = data.GetColumn<string>("Label").ToList();
        Assert.AreEqual("6994112783", string.Concat(labels.Take(10)));
        CollectionAssert.AreEqual(new[] { 396, 366, 420, 384, 422, 393, 414, 385, 407, 413 }, digits.Select(digit => labels.Count(label => label == digit)).ToArray());
        Assert.AreEqual("frog truck truck deer", string.Join(' ', _ml.Data.LoadFromCifar10(path).GetColumn<string>("Label").Take(4)));
        var bytes = File.ReadAllBytes(path);
        foreach (var (row, image) in Rows.Stream(data).Index().Where(row => row.Index % 500 == 0))
            CollectionAssert.AreEqual(bytes[(row * 3073 + 1)..((row + 1) * 3073)].Select(pixel => (float)pixel).ToArray(), image, $"row {row}");
    }
}
