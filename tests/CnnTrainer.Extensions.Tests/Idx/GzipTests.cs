using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Idx;

/// <summary>Compressed files that are whole, damaged, or larger than they look.</summary>
[TestClass]
public sealed class GzipTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    public void Read_GzipCutInsideItsTrailer_Fails(int bytes)
    {
        var (images, labels) = IdxFiles.Pair(_folder, 40, gzip: true);
        IdxFiles.Truncate(images, bytes);

        var error = Reading(images, labels);

        StringAssert.StartsWith(error.Message, $"'{images}' at offset ");
        StringAssert.EndsWith(error.Message, "the gzip data is damaged, cut short or followed by other bytes.");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(8)]
    public void Read_GzipWithAnotherChecksumOrLength_Fails(int fromTheEnd)
    {
        var (images, labels) = IdxFiles.Pair(_folder, 40, gzip: true);
        var bytes = File.ReadAllBytes(images);
        bytes[^fromTheEnd] ^= 1;
        File.WriteAllBytes(images, bytes);

        StringAssert.Contains(Reading(images, labels).Message, $"'{images}' at offset ");
    }

    [TestMethod]
    public void Read_GzipFollowedByOtherBytes_Fails()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 40, gzip: true);
        File.AppendAllText(images, "x");

        StringAssert.Contains(Reading(images, labels).Message, "followed by other bytes");
    }

    [TestMethod]
    public void Read_GzipOfSeveralMembers_IsTheirContent()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 20);
        var whole = File.ReadAllBytes(images);
        byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        foreach (var cut in new[] { 0, 1, 15, 16, 17, 100, whole.Length })
        {
            File.WriteAllBytes(images, [.. IdxFiles.Gzip(whole[..cut]), .. empty, .. IdxFiles.Gzip(whole[cut..]), .. empty]);
            Assert.AreEqual(195f, Rows.Read(_ml.Data.LoadFromIdx(images, labels))[19][5], $"cut at {cut}");
        }
    }

    [TestMethod]
    public void Read_GzipThatUnpacksToGigabytes_StopsAfterWhatItsHeaderSays()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        var bomb = new byte[16 << 20];   // packs to 16 KB a member; 64 of them are a gigabyte
        File.WriteAllBytes(images, [.. IdxFiles.Gzip(File.ReadAllBytes(images)), .. Enumerable.Repeat(IdxFiles.Gzip(bomb), 64).SelectMany(member => member)]);
        var data = _ml.Data.LoadFromIdx(images, labels);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(data));

        Assert.AreEqual($"'{images}' at offset 40: the file goes on after its 4 x 2 x 3 values.", error.Message);
        Assert.IsLessThan(1 << 20, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    [TestMethod]
    public void Read_GzipOfManyMegabytes_HoldsLittleMoreThanTheValues()
    {
        const int Values = 48 << 20;
        var images = IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(new byte[Values], 48, 1 << 10, 1 << 10));
        var labels = IdxFiles.Write(_folder.File("labels"), IdxFiles.Bytes(new byte[48], 48));
        var data = _ml.Data.LoadFromIdx(images, labels);
        using var cursor = data.GetRowCursor([data.Schema["Features"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]);
        VBuffer<float> row = default;
        cursor.MoveNext();
        long before = GC.GetTotalAllocatedBytes(precise: true);

        getter(ref row);

        Assert.IsLessThan(Values + (8 << 20), GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    [TestMethod]
    public void Read_FileThatWasReplacedSinceItWasOpened_Fails()
    {
        var (images, labels) = IdxFiles.Pair(_folder, 4);
        var data = _ml.Data.LoadFromIdx(images, labels);
        IdxFiles.Write(images, IdxFiles.Bytes(new byte[24], 4, 3, 2));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(data));

        Assert.AreEqual($"'{images}' at offset 0: the header has changed since the file was opened.", error.Message);
    }

    [TestMethod]
    public void Read_MutatedGzip_FailsOrGivesTheOriginal()
    {
        const int Mutations = 400;
        var (images, labels) = Noisy();
        var expected = Content(images, labels);
        var (originalImages, originalLabels) = (File.ReadAllBytes(images), File.ReadAllBytes(labels));
        int failed = 0;

        for (int seed = 0; seed < Mutations; seed++)
        {
            var random = new Random(seed);
            bool first = random.Next(2) == 0;
            File.WriteAllBytes(images, first ? Mutated(originalImages, random) : originalImages);
            File.WriteAllBytes(labels, first ? originalLabels : Mutated(originalLabels, random));
            try
            {
                Assert.IsTrue(expected.AsSpan().SequenceEqual(Content(images, labels)), $"mutation {seed} gave other rows without an error");
            }
            catch (InvalidDataException e)
            {
                failed++;
                StringAssert.Contains(e.Message, $"'{(first ? images : labels)}'");
            }
        }

        Assert.IsGreaterThan(Mutations * 9 / 10, failed);
    }

    /// <summary>Images that compress somewhat, so that there are trees, matches and literals to damage.</summary>
    private (string Images, string Labels) Noisy()
    {
        var random = new Random(1);
        byte[] pixels = [.. Enumerable.Range(0, 30 * 64).Select(i => (byte)(i % 64 < 20 ? 0 : random.Next(40)))];
        byte[] labels = [.. Enumerable.Range(0, 30).Select(_ => (byte)random.Next(10))];
        return (
            IdxFiles.Write(_folder.File("images.gz"), IdxFiles.Bytes(pixels, 30, 8, 8)),
            IdxFiles.Write(_folder.File("labels.gz"), IdxFiles.Bytes(labels, 30)));
    }

    private float[] Content(string images, string labels)
    {
        var data = _ml.Data.LoadFromIdx(images, labels);
        return [.. Rows.Read(data).SelectMany(row => row), .. data.GetColumn<string>("Label").Select(label => float.Parse(label, null))];
    }

    /// <summary>One to three of: a bit flipped, the end cut off, bytes zeroed, removed, doubled, or made random.</summary>
    private static byte[] Mutated(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(3) == 0 ? Math.Max(0, bytes.Count - 1 - random.Next(16)) : random.Next(bytes.Count);
            int count = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, bytes.Count - at); break;
                case 2: for (int i = 0; i < count; i++) bytes[at + i] = 0; break;
                case 3: bytes.RemoveRange(at, count); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                default: for (int i = 0; i < count; i++) bytes[at + i] = (byte)random.Next(256); break;
            }

            if (bytes.Count == 0) break;
        }

        return [.. bytes];
    }

    private InvalidDataException Reading(string images, string labels) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(_ml.Data.LoadFromIdx(images, labels)));
}
