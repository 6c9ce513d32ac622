using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Idx;

[TestClass]
public sealed class LoadFromIdxErrorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EachCulture]
    public void LoadFromIdx_TruncatedPlainFile_FailsAtOnce()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        IdxFiles.Truncate(images, 1);

        var error = Opening(images, labels);

        Assert.AreEqual($"'{images}' at offset 39: the file is truncated; 4 x 2 x 3 values end at 40.", error.Message);
    }

    [TestMethod]
    public void LoadFromIdx_TooLongPlainFile_FailsAtOnce()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        File.AppendAllText(labels, "x");

        Assert.AreEqual($"'{labels}' at offset 12: the file goes on after its 4 values.", Opening(images, labels).Message);
    }

    [EachCulture]
    public void LoadFromIdx_GzipOfTooFewOrTooManyValues_FailsWhenRead()
    {
        var (_, labels) = IdxFiles.Pair(_folder, 4);
        foreach (var (values, problem) in new[] { (23, "at offset 39: the file is truncated"), (25, "at offset 40: the file goes on after") })
        {
            var images = IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(new byte[values], 4, 2, 3));

            var data = _ml.Data.LoadFromIdx(images, labels);

            StringAssert.Contains(Reading(data).Message, $"'{images}' {problem}");
        }
    }

    [TestMethod]
    public void LoadFromIdx_CutGzipFile_OpensAndFailsWhenRead()
    {
        var (_, labels) = IdxFiles.Pair(_folder, 500);
        var noise = new byte[500 * 6];
        new Random(1).NextBytes(noise);
        var images = IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(noise, 500, 2, 3));
        IdxFiles.Truncate(images, 500);

        var data = _ml.Data.LoadFromIdx(images, labels);

        Assert.AreEqual(500L, data.GetRowCount());
        Assert.AreEqual(500, data.GetColumn<string>("Label").Count(), "only the images are damaged");
        StringAssert.Contains(Reading(data).Message, $"'{images}'");
        StringAssert.Contains(Reading(data).Message, $"'{images}'", "the second time too");
    }

    [TestMethod]
    public void LoadFromIdx_DamagedGzipFile_SaysSo()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 200, gzip: true);
        var bytes = File.ReadAllBytes(images);
        bytes.AsSpan(bytes.Length / 2, 20).Fill(0xff);
        File.WriteAllBytes(images, bytes);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(_ml.Data.LoadFromIdx(images, labels)));

        StringAssert.Contains(error.Message, $"'{images}'");
    }

    [EachCulture]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(15)]
    public void LoadFromIdx_FileEndsInsideTheHeader_SaysWhere(int length)
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..length]);

        Assert.AreEqual($"'{images}' at offset {length}: the file ends inside its header of 16 bytes.", Opening(images, labels).Message);
    }

    [EachCulture]
    public void LoadFromIdx_SwappedFiles_AsksWhetherTheyAre()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 40);

        var error = Opening(labels, images);

        Assert.AreEqual(
            $"'{labels}' at offset 0: expected the IDX magic 0x00000803 or 0x00000804 of images, found 0x00000801: this is a file of labels, are the two swapped?", error.Message);
    }

    [EachCulture]
    [DataRow(0, 0x89)]
    [DataRow(2, 0x0d)]
    [DataRow(3, 0x05)]
    public void LoadFromIdx_WrongMagic_SaysExpectedAndFound(int offset, int value)
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        var bytes = File.ReadAllBytes(images);
        bytes[offset] = (byte)value;
        File.WriteAllBytes(images, bytes);

        StringAssert.Contains(Opening(images, labels).Message, $"expected the IDX magic 0x00000803 or 0x00000804 of images, found 0x{Convert.ToHexString(bytes, 0, 4)}");
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(16)]
    [DataRow(19)]
    public void LoadFromIdx_ChannelsFileEndsInsideTheHeader_SaysWhere(int length)
    {
        var (_, labels) = IdxFiles.Pair(_folder, 4);
        var images = _folder.File("channels");
        File.WriteAllBytes(images, IdxFiles.Bytes([], 4, 3, 2, 2)[..length]);

        Assert.AreEqual($"'{images}' at offset {length}: the file ends inside its header of 20 bytes.", Opening(images, labels).Message);
    }

    [TestMethod]
    [DataRow("", "Label")]
    [DataRow("Features", " ")]
    [DataRow("Same", "Same")]
    public void LoadFromIdx_ColumnNamesThatCannotBe_AreArgumentErrors(string features, string label)
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);

        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromIdx(images, labels, null, features, label));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadFromIdx(images, labels, ["zero", null!]));
    }

    [TestMethod]
    public void LoadFromIdx_CountsDiffer_SaysBoth()
    {
        var (images, _) = IdxFiles.Pair(_folder, 4);
        var labels = IdxFiles.Write(_folder.File("three"), IdxFiles.Bytes(new byte[3], 3));

        Assert.AreEqual($"'{images}' has 4 images, but '{labels}' has 3 labels.", Opening(images, labels).Message);
    }

    [EachCulture]
    public void LoadFromIdx_LabelWithoutAName_SaysWhich()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        var data = _ml.Data.LoadFromIdx(images, labels, ["zero", "one"]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => data.GetColumn<string>("Label").ToArray());

        Assert.AreEqual($"'{labels}' at offset 10: the label 2 has no name; 2 class names were given.", error.Message);
    }

    [TestMethod]
    public void LoadFromIdx_MissingFile_NamesIt()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);

        var error = Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Data.LoadFromIdx(images, labels + "-not"));

        StringAssert.Contains(error.Message, labels + "-not");
    }

    [EachCulture]
    [DataRow(-1, 28, 28)]
    [DataRow(4, 0, 28)]
    [DataRow(int.MaxValue, int.MaxValue, int.MaxValue)]
    [DataRow(4, 0, 2, 3)]
    [DataRow(4, 2_000, 2_000, 2_000)]
    public void LoadFromIdx_ImpossibleDimensions_FailAtOnce(params int[] dimensions)
    {
        var (_, labels) = IdxFiles.Pair(_folder, 4);
        var images = IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(new byte[24], dimensions));

        StringAssert.Contains(Opening(images, labels).Message, $"at offset 4: the dimensions {string.Join(" x ", dimensions)} are not possible");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Read_GzipThatClaimsGigabytes_AllocatesLittle(bool shuffled)
    {
        const int Rows = 400_000_000;
        var images = IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(new byte[24], Rows, 2, 2));
        var labels = IdxFiles.Write(_folder.File("labels.gz"), IdxFiles.Bytes(new byte[24], Rows));
        long before = GC.GetTotalAllocatedBytes(precise: true);

        var data = _ml.Data.LoadFromIdx(images, labels);
        Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            using var cursor = data.GetRowCursor(data.Schema, shuffled ? new Random(1) : null);
            VBuffer<float> value = default;
            while (cursor.MoveNext()) cursor.GetGetter<VBuffer<float>>(data.Schema["Features"])(ref value);
        });

        Assert.IsLessThan(16 << 20, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private InvalidDataException Opening(string images, string labels) =>
        Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.LoadFromIdx(images, labels));

    private static InvalidDataException Reading(IDataView data) => Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(data));
}
