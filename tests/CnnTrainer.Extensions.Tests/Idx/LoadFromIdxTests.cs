using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Idx;

[TestClass]
public sealed class LoadFromIdxTests
{
    private readonly MLContext _ml = new(1);

    [EachCulture]
    [DataRow(false)]
    [DataRow(true)]
    public void LoadFromIdx_PlainOrGzip_GivesImagesAndLabels(bool gzip)
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 4, gzip);

        var data = _ml.Data.LoadFromIdx(images, labels);

        Assert.AreEqual("Features Label", string.Join(' ', data.Schema.Select(column => column.Name)));
        var image = (VectorDataViewType)data.Schema["Features"].Type;
        Assert.AreEqual(NumberDataViewType.Single, image.ItemType);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, image.Dimensions.ToArray());
        Assert.AreEqual(4L, data.GetRowCount());
        CollectionAssert.AreEqual(new[] { "0", "1", "2", "0" }, data.GetColumn<string>("Label").ToArray());
        var rows = Rows.Read(data);
        Assert.HasCount(4, rows);
        CollectionAssert.AreEqual(new float[] { 30, 31, 32, 33, 34, 35 }, rows[3]);
    }

    [TestMethod]
    public void LoadFromIdx_ColumnNames_AreThoseGiven()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 4);

        var data = _ml.Data.LoadFromIdx(images, labels, featureColumnName: "Pixels", labelColumnName: "Digit");

        Assert.AreEqual("Pixels Digit", string.Join(' ', data.Schema.Select(column => column.Name)));
        Assert.AreEqual(35f, Rows.Read(data, "Pixels")[3][5]);
        Assert.AreEqual("2", data.GetColumn<string>("Digit").ElementAt(2));
    }

    [TestMethod]
    [DataRow("images")]
    [DataRow("images.gz")]
    public void LoadFromIdx_SeveralChannels_AreTheFirstDimension(string name)
    {
        using var folder = new TempFolder();
        byte[] pixels = [.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (byte)i)];
        var images = IdxFiles.Write(folder.File(name), IdxFiles.Bytes(pixels, 2, 3, 4, 5));
        var labels = IdxFiles.Write(folder.File("labels"), IdxFiles.Bytes([1, 0], 2));

        var data = _ml.Data.LoadFromIdx(images, labels);

        CollectionAssert.AreEqual(new[] { 3, 4, 5 }, ((VectorDataViewType)data.Schema["Features"].Type).Dimensions.ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(60, 60).Select(i => (float)i).ToArray(), Rows.Read(data)[1]);
    }

    [TestMethod]
    public void LoadFromIdx_MoreThanABlockOfMemory_GivesEveryRowWhole()
    {
        using var folder = new TempFolder();
        const int Rows = 5, Side = 700;   // 490,000 bytes a row: rows 2 and 4 lie across the ends of blocks of a megabyte
        var pixels = new byte[Rows * Side * Side];
        new Random(1).NextBytes(pixels);
        var images = IdxFiles.Write(folder.File("images.gz"), IdxFiles.Bytes(pixels, Rows, Side, Side));
        var labels = IdxFiles.Write(folder.File("labels"), IdxFiles.Bytes(new byte[Rows], Rows));

        var read = Tests.Rows.Read(_ml.Data.LoadFromIdx(images, labels)).SelectMany(row => row).Select(pixel => (byte)pixel).ToArray();

        Assert.IsTrue(pixels.AsSpan().SequenceEqual(read));
    }

    [TestMethod]
    public void LoadFromIdx_GzipWithAnotherName_IsFoundByItsBytes()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 4, gzip: true);
        File.Move(images, folder.File("images-idx3-ubyte"));

        var data = _ml.Data.LoadFromIdx(folder.File("images-idx3-ubyte"), labels);

        Assert.AreEqual(35f, Rows.Read(data)[3][5]);
    }

    [EachCulture]
    public void LoadFromIdx_BytesAboveSignedRange_StayPositive()
    {
        using var folder = new TempFolder();
        var images = IdxFiles.Write(folder.File("images"), IdxFiles.Bytes([0, 127, 128, 255], 1, 2, 2));
        var labels = IdxFiles.Write(folder.File("labels"), IdxFiles.Bytes([200], 1));

        var data = _ml.Data.LoadFromIdx(images, labels);

        CollectionAssert.AreEqual(new float[] { 0, 127, 128, 255 }, Rows.Read(data)[0]);
        Assert.AreEqual("200", data.GetColumn<string>("Label").Single());
    }

    [TestMethod]
    public void LoadFromIdx_ClassNames_NameTheLabels()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 4);

        var data = _ml.Data.LoadFromIdx(images, labels, ["shirt", "bag", "boot"]);

        CollectionAssert.AreEqual(new[] { "shirt", "bag", "boot", "shirt" }, data.GetColumn<string>("Label").ToArray());
    }

    [TestMethod]
    public void LoadFromIdx_NoLabelsFile_ScoresAsWithLabels()
    {
        using var folder = new TempFolder();
        var (images, labels) = Digits.Write(folder, "train", 60, seed: 1);
        var data = _ml.Data.LoadFromIdx(images, labels);
        var options = new CnnTrainerOptions { Epochs = 1, PixelScaling = PixelScaling.ZeroToOne(), Seed = 1, Threads = 1 };
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Cnn(options)).Fit(data);

        var unlabeled = _ml.Data.LoadFromIdx(images);

        Assert.IsTrue(unlabeled.GetColumn<string>("Label").All(label => label == ""));
        foreach (var (expected, actual) in model.Transform(data).GetColumn<float[]>("Score").Zip(model.Transform(unlabeled).GetColumn<float[]>("Score")))
            CollectionAssert.AreEqual(expected, actual);
        using var cursor = unlabeled.GetRowCursor(unlabeled.Schema, new Random(1));
        int rows = 0;
        while (cursor.MoveNext()) rows++;
        Assert.AreEqual(60, rows);
    }

    [TestMethod]
    public void LoadFromIdx_NoImages_IsAnEmptyView()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 0);

        var data = _ml.Data.LoadFromIdx(images, labels);

        Assert.AreEqual(0L, data.GetRowCount());
        Assert.IsEmpty(Rows.Read(data));
    }

    [EachCulture]
    public void GetRowCursor_WithRandom_GivesEachRowOnceWithItsLabel()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 24);
        var data = _ml.Data.LoadFromIdx(images, labels);
        Assert.IsTrue(data.CanShuffle);

        var first = RowNumbers(data, new Random(3));
        var again = RowNumbers(data, new Random(3));
        var other = RowNumbers(data, new Random(4));

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 24).ToArray(), first);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 24).ToArray(), first);
        CollectionAssert.AreEqual(first, again);
        CollectionAssert.AreNotEqual(first, other);
        CollectionAssert.AreEqual(Enumerable.Range(0, 24).ToArray(), RowNumbers(data, null));
    }

    [TestMethod]
    public void ShuffleRows_OfTheView_KeepsAllRows()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 24);

        var shuffled = _ml.Data.ShuffleRows(_ml.Data.LoadFromIdx(images, labels), seed: 1);

        float[] expected = [.. Enumerable.Range(0, 24).Select(row => row * 10f)];
        CollectionAssert.AreEquivalent(expected, Rows.Read(shuffled).Select(row => row[0]).ToArray());
    }

    [TestMethod]
    public void GetRowCursor_SeveralAtOnce_AreIndependent()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 20, gzip: true);
        var data = _ml.Data.LoadFromIdx(images, labels);
        using var ahead = data.GetRowCursor([data.Schema["Features"]]);
        using var behind = data.GetRowCursor(data.Schema);
        for (int i = 0; i < 5; i++) Assert.IsTrue(ahead.MoveNext());
        Assert.IsTrue(behind.MoveNext());

        Assert.AreEqual((4L, 40f), (ahead.Position, FirstPixel(ahead)));
        Assert.AreEqual((0L, 0f), (behind.Position, FirstPixel(behind)));
    }

    [TestMethod]
    public void GetRowCursor_FromSeveralThreads_GivesTheSame()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 20, gzip: true);
        var data = _ml.Data.LoadFromIdx(images, labels);

        var sums = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ => Rows.Read(data).Sum(row => row.Sum())).ToArray();

        Assert.AreEqual(20 * 15 + 6 * 1900f, sums[0]);
        Assert.HasCount(1, sums.Distinct());
    }

    [TestMethod]
    public void GetGetter_OfAColumnNotAskedForOrAnotherType_Throws()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 4);
        var data = _ml.Data.LoadFromIdx(images, labels);
        using var cursor = data.GetRowCursor([data.Schema["Label"]]);

        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Label"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Features"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(data.Schema["Label"]));
    }

    [TestMethod]
    public void GetRowCursor_AfterTheLastRow_IsOnNoRow()
    {
        using var folder = new TempFolder();
        var (images, labels) = IdxFiles.Pair(folder, 2);
        var data = _ml.Data.LoadFromIdx(images, labels);
        using var cursor = data.GetRowCursor(data.Schema);
        var (pixels, id) = (cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]), cursor.GetIdGetter());
        VBuffer<float> value = default;
        DataViewRowId number = default;

        Assert.ThrowsExactly<InvalidOperationException>(() => pixels(ref value), "before the first");
        while (cursor.MoveNext()) pixels(ref value);

        Assert.AreEqual(-1L, cursor.Position);
        Assert.IsFalse(cursor.MoveNext(), "once more");
        Assert.AreEqual(-1L, cursor.Position);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => pixels(ref value));
        Assert.AreEqual("The cursor is on no row: before the first MoveNext or after the last.", error.Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => id(ref number));
    }

    private static int[] RowNumbers(IDataView data, Random? random)
    {
        var rows = new List<int>();
        using var cursor = data.GetRowCursor(data.Schema, random);
        var label = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Label"]);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            int row = (int)FirstPixel(cursor) / 10;
            label(ref text);
            Assert.AreEqual((row % 3).ToString(System.Globalization.CultureInfo.InvariantCulture), text.ToString());
            rows.Add(row);
        }

        return [.. rows];
    }

    private static float FirstPixel(DataViewRowCursor cursor)
    {
        VBuffer<float> value = default;
        cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"])(ref value);
        return value.GetItemOrDefault(0);
    }
}
